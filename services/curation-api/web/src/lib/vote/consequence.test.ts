import { expect, test } from 'vitest';
import { consequence } from './consequence.ts';
import type { CastVote } from './sending.ts';

function vote(outcome: CastVote['outcome'], ranks: [number | null, number | null]): CastVote {
	return {
		outcome,
		left: { rating: 1016, rank: ranks[0] },
		right: { rating: 984, rank: ranks[1] }
	} as CastVote;
}

test('the chosen one is named first', () => {
	expect(consequence(vote('left', [2, 11]), false)).toBe(
		'Chosen now 2nd in the raffle with 1016, the other now 11th with 984'
	);
	expect(consequence(vote('right', [2, 11]), true)).toBe(
		'Chosen now 11th of the finals with 984, the other now 2nd with 1016'
	);
});

test('places that are not known are left out', () => {
	expect(consequence(vote('both_bad', [null, null]), false)).toBe('both bad: left now at 1016, right now at 984');
});
