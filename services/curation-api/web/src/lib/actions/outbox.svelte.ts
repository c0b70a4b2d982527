import { Problem } from '#lib/api/problem.ts';
import type { Letter } from './letter.ts';
import { Shelf } from './shelf.ts';

const PAUSES_MILLISECONDS = [500, 1000, 2000, 5000, 10_000] as const;
/** Letters that wait at the most; more are not taken until some are delivered. */
export const LETTERS_MAX = 1000;

interface Delivery<Body, Answer> {
	send(letter: Letter<Body>): Promise<Answer>;
	delivered(letter: Letter<Body>, answer: Answer): void;
	refused(letter: Letter<Body>, problem: Problem): void;
}

/**
 * Commands kept in the browser until the hub has them: sent one by one in their order, again after a lost connection or
 * a reload, by one tab at a time. What the hub refuses for good is told and left out.
 */
export class Outbox<Body, Answer> {
	waiting = $state.raw<Letter<Body>[]>([]);
	/** Whether the last try found no hub. */
	stuck = $state(false);
	/** Whether letters outlive this page; not where the browser has no room for them. */
	safe = $state(true);

	readonly #shelf: Shelf<Body>;
	#running = false;
	#wake: (() => void) | undefined;

	constructor(
		private readonly name: string,
		private readonly delivery: Delivery<Body, Answer>
	) {
		this.#shelf = new Shelf(name);
		this.waiting = this.#shelf.letters();
	}

	get full(): boolean {
		return this.waiting.length >= LETTERS_MAX;
	}

	/** Takes a letter, unless the box is full; whether it did. */
	put(letter: Letter<Body>): boolean {
		if (this.full) return false;
		this.waiting = [...this.waiting, letter];
		this.safe = this.#shelf.put(letter);
		this.start();
		return true;
	}

	/** Takes a letter back that was not sent yet; whether it was still here. */
	withdraw(key: string): boolean {
		const first = this.waiting[0];
		if (!first || (first.key === key && this.#running) || !this.waiting.some((one) => one.key === key)) return false;
		this.#remove(key);
		return true;
	}

	/** Sends what waits. Called again at any time: it runs once. */
	start(): void {
		this.#wake?.();
		if (this.#running) return;
		this.#running = true;
		void oneTabAtATime(`outbox-${this.name}`, () => this.#sendAll()).finally(() => (this.#running = false));
	}

	async #sendAll(): Promise<void> {
		for (let failures = 0; this.waiting[0];) {
			const letter = this.waiting[0];
			try {
				const answer = await this.delivery.send(letter);
				this.#sent(letter);
				this.delivery.delivered(letter, answer);
				failures = 0;
			} catch (error) {
				if (error instanceof Problem && !canBeTriedAgain(error.status)) {
					this.#sent(letter);
					this.delivery.refused(letter, error);
					continue;
				}
				this.stuck = true;
				await this.#pause(PAUSES_MILLISECONDS[Math.min(failures++, PAUSES_MILLISECONDS.length - 1)] ?? 0);
			}
		}
		this.stuck = false;
	}

	#sent(letter: Letter<Body>): void {
		this.stuck = false;
		this.#remove(letter.key);
	}

	#pause(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, milliseconds);
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	#remove(key: string): void {
		this.waiting = this.waiting.filter((one) => one.key !== key);
		this.#shelf.remove(key);
	}
}

/**
 * Browsers have locks on pages over https, and of this machine, only. Without them two tabs may send the same letter: its
 * key makes it one command.
 */
function oneTabAtATime(name: string, work: () => Promise<void>): Promise<void> {
	return 'locks' in navigator ? navigator.locks.request(name, work) : work();
}

/** Signed out, too many, or a hub that has trouble: the same command may pass later. */
function canBeTriedAgain(status: number): boolean {
	return status === 401 || status === 429 || status >= 500;
}
