import { expect, test } from 'vitest';
import { layout, type TreeNode } from './layout.ts';
import { neighbour } from './neighbours.ts';

function node(id: string, parent: string | null, depth: number): TreeNode {
	return { candidate_id: id, parent_id: parent, depth, step_order: depth + 1 } as TreeNode;
}

const PLACED = layout(
	[node('a', null, 0), node('b', 'a', 1), node('c', 'a', 1), node('d', 'c', 2), node('e', null, 0)],
	new Set()
).placed;

test.each([
	['b', 'left', 'a'],
	['a', 'right', 'b'],
	['b', 'down', 'c'],
	['e', 'up', 'a'],
	['d', 'right', undefined],
	['a', 'left', undefined],
	[null, 'down', 'a']
] as const)('from %j to the %s is %j', (from, direction, to) =>
	expect(neighbour(PLACED, from, direction)?.node.candidate_id).toBe(to)
);
