import type { Placed } from './layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * Who stands beside an image: left its parent, right the first of its children, up and down the next one of its column.
 * Undefined where nobody is. `placed` are in the order of their columns from top to bottom.
 */
export function neighbour(placed: Placed[], candidateId: string | null, direction: Direction): Placed | undefined {
	const here = placed.find((one) => one.node.candidate_id === candidateId);
	if (!here) return placed[0];
	if (direction === 'left') return here.parent;
	if (direction === 'right') return placed.find((one) => one.parent === here);
	const column = placed.filter((one) => one.x === here.x);
	return column[column.indexOf(here) + (direction === 'up' ? -1 : 1)];
}
