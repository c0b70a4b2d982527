import type { Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { readEvents, type EventFilter } from './reading.ts';

type Event = Schema['EventView'];

/** Events that are shown at the most; of more than that the first ones go. */
const SHOWN_MAX = 2000;

/** Events that match a filter, in the order of the log, read page by page from a position on. */
export class EventLog {
	items = $state.raw<Event[]>([]);
	/** Whether there may be further ones. */
	more = $state(false);
	/** Until the first page is there. */
	beginning = $state(true);
	trouble = $state('');

	#behind: number;
	#reading: Promise<void> | undefined;
	#again = false;

	constructor(
		readonly filter: EventFilter,
		after: number
	) {
		this.#behind = after;
	}

	/** The next page, or what has happened since the last one. */
	readOn(): Promise<void> {
		this.#again = this.#reading !== undefined;
		this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
		return this.#reading;
	}

	async #read(): Promise<void> {
		try {
			do {
				this.#again = false;
				const page = await readEvents(this.filter, this.#behind);
				this.items = [...this.items, ...page.items].slice(-SHOWN_MAX);
				this.#behind = Number(page.next ?? page.items.at(-1)?.position ?? this.#behind);
				this.more = page.next != null;
				this.trouble = '';
			} while (this.#again);
		} catch (error) {
			this.trouble = inWords(error);
		}
		this.beginning = false;
	}
}
