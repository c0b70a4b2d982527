import { untrack } from 'svelte';
import { freshKey } from '#lib/api/client.ts';
import { decoded } from '#lib/api/pictures.ts';
import { inWords } from '#lib/api/problem.ts';
import { afterPaint } from '#lib/ui/painting.ts';
import { notices } from '#lib/actions/notices.svelte.ts';
import { nameOf, type Ballot, type Pair } from './ballot.ts';
import { LETTERS_MAX } from '#lib/actions/outbox.svelte.ts';
import { consequence } from './consequence.ts';
import type { Choice, Fate } from './sending.ts';

export type Side = 'left' | 'right';

/** The pair shown and those whose pictures are decoded already. */
const AHEAD = 4;
const UNDOABLE_MAX = 50;
/** As many as the hub takes. */
const KNOWN_MAX = 100;

const SAYS: Record<Choice, string> = {
	left: 'The left one is better',
	right: 'The right one is better',
	tie: 'Equal',
	both_bad: 'Both are bad',
	skip: 'Skipped'
};

interface Cast {
	key: string;
	pair: Pair;
	choice: Choice;
	fate: Promise<Fate>;
	/** Where it stands in the strip of what happened. */
	notice: number;
}

/** One voter before a ballot: what is shown, what comes next, what can be taken back. */
export class Desk {
	pairs = $state.raw<Pair[]>([]);
	/** Whether the hub has said that there is no further pair. */
	done = $state(false);
	trouble = $state('');
	/** What followed from the last choice, in one line. */
	consequence = $state('');
	/** Images that the last choice called bad: whoever wants to may kill them. */
	bad = $state.raw<string[]>([]);
	cast = $state.raw<Cast[]>([]);

	#filling = $state(false);
	/** Whether something changed while pairs were fetched. */
	#again = false;

	constructor(private readonly ballot: Ballot) {}

	/** Whether pairs are on their way. */
	get fetching(): boolean {
		return this.#filling;
	}

	get pair(): Pair | undefined {
		return this.pairs[0];
	}

	/** Fetches pairs until enough are ahead; those that are shown or on their way are not asked for again. */
	async fill(): Promise<void> {
		this.#again = untrack(() => this.#filling);
		if (this.#again) return;
		this.#filling = true;
		try {
			do {
				this.#again = false;
				while (this.pairs.length < AHEAD && (await this.#fetchOne()));
			} while (this.#again);
			this.trouble = '';
		} catch (error) {
			this.trouble = inWords(error);
		} finally {
			this.#filling = false;
		}
	}

	/** New images may have made new pairs. */
	async look(): Promise<void> {
		this.done = false;
		await this.fill();
	}

	choose(choice: Choice, milliseconds: number): void {
		const pair = this.pairs[0];
		if (!pair) return;
		if (this.ballot.votes.outbox.full) {
			this.trouble = `${LETTERS_MAX} votes wait to be sent. Voting goes on when the hub answers`;
			return;
		}
		const key = freshKey();
		const body = {
			left_id: pair.left.candidate_id,
			right_id: pair.right.candidate_id,
			outcome: choice,
			milliseconds: Math.min(Math.round(milliseconds), 3_600_000),
			...(this.ballot.runId && { run_id: this.ballot.runId })
		};
		const fate = this.ballot.votes.send({ key, body });
		const notice = notices.record(SAYS[choice], small(pair), () => this.#takeBack(key));
		this.cast = [...this.cast, { key, pair, choice, fate, notice }].slice(-UNDOABLE_MAX);
		this.pairs = this.pairs.slice(1);
		[this.consequence, this.bad] = ['', []];
		void fate.then((found) => this.#heard(found));
		afterPaint(() => void this.fill());
	}

	/** Takes the last choice back and shows its pair again. */
	async undo(): Promise<void> {
		const last = this.cast.at(-1);
		if (!last) return;
		notices.dismiss(last.notice);
		try {
			await this.#takeBack(last.key);
		} catch (error) {
			notices.warn(`The vote stands: ${inWords(error)}`);
		}
	}

	/** Leaves out every pair that shows one of these images. */
	drop(candidateIds: ReadonlySet<string>): void {
		this.bad = [];
		this.pairs = this.pairs.filter(
			(pair) => !candidateIds.has(pair.left.candidate_id) && !candidateIds.has(pair.right.candidate_id)
		);
		void this.look();
	}

	/** The hub has a vote now: it tells what followed, and offers no pair any more that was still on its way. */
	#heard(fate: Fate): void {
		if (fate?.cast) {
			this.consequence = consequence(fate.cast, this.ballot.isLastStep?.(fate.cast.step_order) ?? true);
			this.bad = fate.cast.kill_offered;
		}
		void this.fill();
	}

	/** Shows the pair of a choice again and retracts the vote; one that was not sent yet never is. */
	async #takeBack(key: string): Promise<void> {
		const found = this.cast.find((one) => one.key === key);
		if (!found) return;
		this.cast = this.cast.filter((one) => one !== found);
		this.pairs = [found.pair, ...this.pairs.filter((one) => !isSame(one, found.pair))];
		[this.consequence, this.bad] = ['Taken back', []];
		if (found.choice === 'skip' || this.ballot.votes.outbox.withdraw(key)) return;
		const fate = await found.fate;
		if (fate) await this.ballot.retract(fate.voteId, `undo-${key}`);
	}

	async #fetchOne(): Promise<boolean> {
		const known = [
			...this.ballot.votes.outbox.waiting.map((one) => `${one.body.left_id}:${one.body.right_id}`),
			...this.pairs.map(nameOf)
		].slice(-KNOWN_MAX);
		const pair = await this.ballot.next(known);
		if (!pair || known.includes(nameOf(pair)) || known.includes(nameOf(turned(pair)))) {
			this.done = pair === null && this.pairs.length === 0;
			return false;
		}
		await Promise.all([decoded(pair.left.image), decoded(pair.right.image)]);
		if (this.pairs.some((one) => isSame(one, pair))) return false;
		this.pairs = [...this.pairs, pair];
		return true;
	}
}

function small(pair: Pair): string[] {
	return [pair.left.thumbnail, pair.right.thumbnail].filter((one) => one !== undefined);
}

/** The same two images, whichever side they are on. */
function isSame(one: Pair, other: Pair): boolean {
	return nameOf(one) === nameOf(other) || nameOf(one) === nameOf(turned(other));
}

function turned(pair: Pair): Pair {
	return { ...pair, left: pair.right, right: pair.left };
}
