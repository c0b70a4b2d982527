import { ordinal, plain } from '#lib/ui/words.ts';
import type { CastVote } from './sending.ts';

/** What a vote changed, in one quiet line. */
export function consequence(vote: CastVote): string {
	const [first, second] = vote.outcome === 'right' ? [vote.right, vote.left] : [vote.left, vote.right];
	if (vote.outcome === 'left' || vote.outcome === 'right')
		return `${place('Chosen', first)}, ${place('the other', second)}`;
	return `${plain(vote.outcome)}: ${place('left', vote.left)}, ${place('right', vote.right)}`;
}

function place(who: string, standing: CastVote['left']): string {
	const rating = `${standing.rating}`;
	return standing.rank == null ? `${who} now at ${rating}` : `${who} now ${ordinal(standing.rank)} with ${rating}`;
}
