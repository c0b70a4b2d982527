import type { Schema } from '#lib/api/client.ts';
import { plain } from '#lib/ui/words.ts';

/** What a vote says of one of its two images: "won", "lost", "tie", "both bad". */
export function wordFor(vote: Schema['VoteView'], candidateId: string): string {
	if (vote.outcome !== 'left' && vote.outcome !== 'right') return plain(vote.outcome);
	return (vote.left_id === candidateId) === (vote.outcome === 'left') ? 'won' : 'lost';
}
