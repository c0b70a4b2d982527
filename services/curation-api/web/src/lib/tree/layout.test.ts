import { describe, expect, test } from 'vitest';
import { inSight, layout, NODE_HEIGHT, type TreeNode } from './layout.ts';

function node(id: string, parent: string | null, depth: number): TreeNode {
	return { candidate_id: id, parent_id: parent, depth, step_order: depth + 1 } as TreeNode;
}

const TREE = [node('a', null, 0), node('b', 'a', 1), node('c', 'a', 1), node('d', 'c', 2)];

describe('the layout of a tree', () => {
	test('puts every image in the column of its depth', () => {
		const found = layout(TREE, new Set());
		const xs = Object.fromEntries(found.placed.map((one) => [one.node.candidate_id, one.x]));
		expect(xs.a).toBe(0);
		expect(xs.b).toBe(xs.c);
		expect(xs.d).toBe(2 * (xs.b ?? 0));
	});

	test('puts a parent in the middle of its children, and no two images on one place', () => {
		const found = layout(TREE, new Set()).placed;
		const at = (id: string) => found.find((one) => one.node.candidate_id === id)?.y ?? NaN;
		expect(at('a')).toBe((at('b') + at('c')) / 2);
		expect(new Set(found.map((one) => `${one.x} ${one.y}`)).size).toBe(found.length);
	});

	test('keeps a parent in sight beside its own children, and never beside those of another', () => {
		const wide = [node('a', null, 0), ...Array.from({ length: 9 }, (_, index) => node(`c${index}`, 'a', 1))];
		const [a] = layout(wide, new Set()).placed;
		if (!a) throw new Error('it is there');
		const tall = NODE_HEIGHT * 4;
		expect(inSight(a, 0, a.last * 2)).toBe(a.y);
		expect(inSight(a, 0, tall)).toBe((tall - NODE_HEIGHT) / 2);
		expect(inSight(a, a.last - 10, a.last + tall)).toBe(a.last - 5);
		expect(inSight(a, a.last + 500, a.last + tall)).toBe(a.y);
	});

	test('leaves out what a folded branch holds, and says how much that is', () => {
		const found = layout(TREE, new Set(['a'])).placed;
		expect(found.map((one) => [one.node.candidate_id, one.folded])).toEqual([['a', 3]]);
	});

	test('takes 5,000 base images', () => {
		const many = Array.from({ length: 5000 }, (_, index) => node(`n${index}`, null, 0));
		expect(layout(many, new Set()).placed.length).toBe(5000);
	});
});
