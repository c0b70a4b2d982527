import type { Schema } from '#lib/api/client.ts';
import { isFolded, type Folded } from './folding.ts';

export type TreeNode = Schema['TreeNode'];

/** Sizes in pixels at zoom 1. */
export const NODE_WIDTH = 96;
export const NODE_HEIGHT = 112;
const GAP_X = 64;
const GAP_Y = 12;

/** Where the column of a depth begins. */
export function columnAt(depth: number): number {
	return depth * (NODE_WIDTH + GAP_X);
}

export interface Placed {
	node: TreeNode;
	x: number;
	y: number;
	/** Lines of the first and the last leaf below it, between which it may stand; its own if it is a leaf. */
	first: number;
	last: number;
	/** Images below it that are not drawn because the branch is folded. */
	folded: number;
	parent: Placed | undefined;
}

export interface TreeLayout {
	placed: Placed[];
	width: number;
	height: number;
}

/**
 * Steps are columns, from left to right; every leaf has a line of its own and a parent stands beside the middle of its
 * children. `nodes` come parents first. Runs in time proportional to their number.
 */
export function layout(nodes: TreeNode[], folded: Folded): TreeLayout {
	const below = new Map<string | null, TreeNode[]>();
	for (const node of nodes) {
		const parent = node.parent_id ?? null;
		const siblings = below.get(parent);
		if (siblings) siblings.push(node);
		else below.set(parent, [node]);
	}
	const placed: Placed[] = [];
	let line = 0;
	let deepest = 0;

	function place(node: TreeNode, parent: Placed | undefined): Placed {
		const children = below.get(node.candidate_id) ?? [];
		const closed = children.length > 0 && isFolded(folded, node.candidate_id);
		const here: Placed = {
			node,
			x: columnAt(node.depth),
			y: 0,
			first: 0,
			last: 0,
			folded: closed ? sizeBelow(node, below) : 0,
			parent
		};
		placed.push(here);
		deepest = Math.max(deepest, node.depth);
		const beside = closed ? [] : children.map((child) => place(child, here));
		const [first, last] = [beside[0], beside.at(-1)];
		if (first && last) [here.first, here.y, here.last] = [first.first, (first.y + last.y) / 2, last.last];
		else here.first = here.y = here.last = line++ * (NODE_HEIGHT + GAP_Y);
		return here;
	}

	for (const root of below.get(null) ?? []) place(root, undefined);
	return {
		placed,
		width: columnAt(deepest) + NODE_WIDTH,
		height: Math.max(0, line * (NODE_HEIGHT + GAP_Y) - GAP_Y)
	};
}

/**
 * Where an image stands while what lies between `north` and `south` can be seen: in the middle of its place if all of
 * that is in sight, otherwise in the middle of the part that is. Whoever looks at a leaf sees all it was made from.
 */
export function inSight(one: Placed, north: number, south: number): number {
	const [first, last] = [Math.max(one.first, north), Math.min(one.last, south - NODE_HEIGHT)];
	if (first > last || (first === one.first && last === one.last)) return one.y;
	return (first + last) / 2;
}

function sizeBelow(node: TreeNode, below: Map<string | null, TreeNode[]>): number {
	let size = 0;
	const open = [...(below.get(node.candidate_id) ?? [])];
	for (let next = open.pop(); next; next = open.pop()) {
		size += 1;
		open.push(...(below.get(next.candidate_id) ?? []));
	}
	return size;
}
