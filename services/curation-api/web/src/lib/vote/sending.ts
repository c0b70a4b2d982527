import { Outbox, type Letter } from '#lib/actions/outbox.svelte.ts';
import { notices } from '#lib/actions/notices.svelte.ts';
import { answered, api, type Schema } from '#lib/api/client.ts';

export type VoteBody = Schema['VoteBody'];
export type CastVote = Schema['CastVoteView'];
/** What became of a vote: null if it was refused, or if the hub does not show it yet. */
export type Fate = { voteId: string; view: CastVote | null } | null;

const waiting = new Map<string, (fate: Fate) => void>();

/** Votes on their way to the hub. They outlive the page that cast them. */
export const votesToSend = new Outbox<VoteBody, Schema['Written_CastVoteView_']>('votes', {
	send: (letter) =>
		answered(
			api.POST('/api/votes', {
				body: letter.body,
				params: { query: { ranks: true }, header: { 'idempotency-key': letter.key } }
			})
		),
	delivered: (letter, answer) => settle(letter, { voteId: answer.id, view: answer.result ?? null }),
	refused: (letter, problem) => {
		notices.warn(`A vote did not count: ${problem.message}`);
		settle(letter, null);
	}
});

/** Puts a vote into the outbox; what became of it follows. */
export function sendVote(letter: Letter<VoteBody>): Promise<Fate> {
	const fate = new Promise<Fate>((resolve) => waiting.set(letter.key, resolve));
	votesToSend.put(letter);
	return fate;
}

function settle(letter: Letter<VoteBody>, fate: Fate): void {
	waiting.get(letter.key)?.(fate);
	waiting.delete(letter.key);
}
