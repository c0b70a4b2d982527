import { sawPosition } from '#lib/api/seen.ts';

/** One entry of the log, as the hub announces it. */
export interface Change {
	position: number;
	type: string;
	run_id: string | null;
}

type Listener = (changes: Change[]) => void;

/** Changes that come in a burst are told together, at most this often. */
const GATHER_MILLISECONDS = 150;

/**
 * The log as it grows: one connection for the whole page. The browser resumes it by itself with the last position it
 * saw, so a gap in the connection loses nothing.
 */
class Changes {
	connected = $state(false);
	/** Whether the connection was there before and is not now. */
	lost = $state(false);

	#source: EventSource | undefined;
	#listeners = new Set<Listener>();
	#gathered: Change[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	open(): void {
		if (this.#source) return;
		const source = new EventSource('/api/changes');
		source.onopen = () => {
			this.connected = true;
			this.lost = false;
		};
		source.onerror = () => {
			this.lost = this.connected || this.lost;
			this.connected = false;
		};
		source.addEventListener('change', (event: MessageEvent<string>) => this.#take(event));
		this.#source = source;
	}

	close(): void {
		this.#source?.close();
		this.#source = undefined;
		this.connected = false;
	}

	/** Calls `listener` with what happened, in the order of the log, until the returned function is called. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#take(event: MessageEvent<string>): void {
		const change = JSON.parse(event.data) as Change;
		sawPosition(change.position);
		this.#gathered.push(change);
		this.#timer ??= setTimeout(() => this.#tell(), GATHER_MILLISECONDS);
	}

	#tell(): void {
		const gathered = this.#gathered;
		this.#gathered = [];
		this.#timer = undefined;
		for (const listener of this.#listeners) listener(gathered);
	}
}

export const changes = new Changes();
