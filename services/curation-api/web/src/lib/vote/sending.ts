import type { Letter } from '#lib/actions/letter.ts';
import { Outbox } from '#lib/actions/outbox.svelte.ts';
import { notices } from '#lib/actions/notices.svelte.ts';
import { answered, api, type Schema } from '#lib/api/client.ts';

export type Choice = Schema['Choice'];
export type CastVote = Schema['CastVoteView'];
/** What became of a vote: null if it was refused. `cast` is null where the hub does not (yet) tell what followed. */
export type Fate = { voteId: string; cast: CastVote | null } | null;

/** What a voter said of two images. */
export interface Judgement {
	left_id: string;
	right_id: string;
	outcome: Choice;
	milliseconds: number;
	/** Absent for guests, whose link names the run. */
	run_id?: string;
}

/** Votes on their way to the hub, and what becomes of each. They outlive the page that cast them. */
export class VotesToSend {
	readonly outbox: Outbox<Judgement, Fate>;
	#heard = new Map<string, (fate: Fate) => void>();

	constructor(name: string, post: (letter: Letter<Judgement>) => Promise<Fate>) {
		this.outbox = new Outbox<Judgement, Fate>(name, {
			send: post,
			delivered: (letter, fate) => this.#settle(letter, fate),
			refused: (letter, problem) => {
				notices.warn(`A vote did not count: ${problem.message}`);
				this.#settle(letter, null);
			}
		});
	}

	/** Puts a vote into the outbox; what became of it follows. */
	send(letter: Letter<Judgement>): Promise<Fate> {
		const fate = new Promise<Fate>((resolve) => this.#heard.set(letter.key, resolve));
		this.outbox.put(letter);
		return fate;
	}

	#settle(letter: Letter<Judgement>, fate: Fate): void {
		this.#heard.get(letter.key)?.(fate);
		this.#heard.delete(letter.key);
	}
}

export const memberVotes = new VotesToSend('votes', async ({ key, body }) => {
	const params = { query: { ranks: true }, header: { 'Idempotency-Key': key } };
	const written = await answered(api.POST('/api/votes', { body, params }));
	return { voteId: written.id, cast: written.result ?? null };
});

export const guestVotes = new VotesToSend('guest-votes', async ({ key, body }) => {
	const written = await answered(
		api.POST('/api/guest/votes', { body, params: { header: { 'Idempotency-Key': key } } })
	);
	return { voteId: written.id, cast: null };
});
