import { ordinal, plain } from '#lib/ui/words.ts';
import type { CastVote } from './sending.ts';

/** What a vote changed, in one quiet line. Of the last step nothing is made: its images are in no raffle. */
export function consequence(vote: CastVote, isLastStep: boolean): string {
	const among = isLastStep ? 'of the finals' : 'in the raffle';
	const [first, second] = vote.outcome === 'right' ? [vote.right, vote.left] : [vote.left, vote.right];
	if (vote.outcome === 'left' || vote.outcome === 'right')
		return `${place('Chosen', first, among)}, ${place('the other', second)}`;
	return `${plain(vote.outcome)}: ${place('left', vote.left, among)}, ${place('right', vote.right)}`;
}

function place(who: string, { rank, rating }: CastVote['left'], among = ''): string {
	if (rank == null) return `${who} now at ${rating}`;
	return [who, 'now', ordinal(rank), among, 'with', rating].filter((word) => word !== '').join(' ');
}
