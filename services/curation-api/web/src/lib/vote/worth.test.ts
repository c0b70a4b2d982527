import { expect, test } from 'vitest';
import { wantedVotes } from './worth.ts';

test('a vote counts for two images, and five are enough for each', () => {
	expect(wantedVotes([{ votes: 0 }, { votes: 0 }, { votes: 9 }])).toBe(5);
	expect(wantedVotes([{ votes: 4 }, { votes: 5 }])).toBe(1);
	expect(wantedVotes([])).toBe(0);
});
