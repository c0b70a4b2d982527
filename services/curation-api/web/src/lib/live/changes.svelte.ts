import { forgetPosition, sawPosition } from '#lib/api/seen.ts';

/** One entry of the log, as the hub announces it. */
export interface Change {
	position: number;
	type: string;
	run_id: string | null;
}

/** How far a job is. `node` is the workflow's node that runs; `step` of `steps` is what that says of itself. */
export interface Progress {
	run_id: string;
	job_id: string;
	percent: number;
	step: number | null;
	steps: number | null;
	node: string;
}

/** A server came, went (`gone`), or is other than before. */
export interface FleetNews {
	gateway: string;
	node: string;
	state: string;
}

/** What stands in no log and is not told again. */
interface Notices {
	progress: Progress;
	fleet: FleetNews;
}

type Listener = (changes: Change[]) => void;
type Hearer<K extends keyof Notices> = (told: Notices[K]) => void;

/** Changes that come in a burst are told together, at most this often. */
const GATHER_MILLISECONDS = 150;
/** How long a refused connection rests before the next one; the last pause stays. */
const PAUSES_MILLISECONDS = [1000, 2000, 5000, 15_000, 30_000] as const;
/** What happened while a page was out of sight for longer is not told one by one; everything is read anew. */
const CATCHES_UP_MILLISECONDS = 600_000;

/**
 * The log as it grows: one connection for the whole page. The browser resumes it by itself with the last position it
 * saw, so a gap in the connection loses nothing. If the hub refuses it (it serves no more streams, or its log was
 * restored and has not come to that position), the browser gives up; then another one begins after a pause, from now on.
 *
 * A page that nobody sees hangs up, and goes on from its position when it is seen again: browsers grant one hub six
 * connections for all their tabs together, and with each tab holding one the seventh would wait for ever.
 */
class Changes {
	connected = $state(false);
	/** Whether the connection was there before and is not now. */
	lost = $state(false);
	/** How often a connection began anew after a refusal: what was read before may be out of date, or of another log. */
	renewed = $state(0);
	/** How often the page was seen again without being told what it missed: what was read before may be out of date. */
	returned = $state(0);

	#wanted = false;
	#source: EventSource | undefined;
	/** The newest entry of the log that came, from where a page goes on that hung up. */
	#heard: number | undefined;
	/** When it hung up; absent while it hears. */
	#hungUp: number | undefined;
	#resting: ReturnType<typeof setTimeout> | undefined;
	#refusals = 0;
	#listeners = new Set<Listener>();
	#hearers: { [K in keyof Notices]: Set<Hearer<K>> } = { progress: new Set(), fleet: new Set() };
	#gathered: Change[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	open(): void {
		this.#wanted = true;
		document.addEventListener('visibilitychange', this.#look);
		this.#look();
	}

	close(): void {
		this.#wanted = false;
		document.removeEventListener('visibilitychange', this.#look);
		this.#hangUp();
		this.#heard = this.#hungUp = undefined;
	}

	readonly #look = (): void => {
		if (document.hidden) this.#hangUp();
		else if (this.#wanted && !this.#source && this.#resting === undefined) this.#connect();
	};

	#hangUp(): void {
		if (this.#source) this.#hungUp = Date.now();
		clearTimeout(this.#resting);
		this.#resting = undefined;
		this.#refusals = 0;
		this.#source?.close();
		this.#source = undefined;
		this.connected = false;
		this.lost = false;
	}

	#connect(): void {
		this.#resting = undefined;
		if (this.#hungUp !== undefined && Date.now() - this.#hungUp > CATCHES_UP_MILLISECONDS) this.#heard = undefined;
		const missed = this.#hungUp !== undefined && this.#heard === undefined;
		const after = this.#heard === undefined ? '' : `&after=${this.#heard}`;
		const source = new EventSource(`/api/changes?notice=progress&notice=fleet${after}`);
		source.onopen = () => {
			this.connected = true;
			this.lost = false;
			if (this.#refusals > 0) this.renewed += 1;
			else if (missed && this.#hungUp !== undefined) this.returned += 1;
			this.#refusals = 0;
			this.#hungUp = undefined;
		};
		source.onerror = () => {
			this.lost = this.connected || this.lost;
			this.connected = false;
			if (source.readyState === source.CLOSED) this.#rest();
		};
		source.addEventListener('change', (event: MessageEvent<string>) => this.#take(event));
		this.#pass(source, 'progress');
		this.#pass(source, 'fleet');
		this.#source = source;
	}

	#rest(): void {
		this.#source = undefined;
		this.#heard = undefined;
		forgetPosition();
		const pause = PAUSES_MILLISECONDS[Math.min(this.#refusals, PAUSES_MILLISECONDS.length - 1)];
		this.#refusals += 1;
		this.#resting = setTimeout(() => this.#connect(), pause);
	}

	/** Calls `listener` with what happened, in the order of the log, until the returned function is called. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Calls `hearer` with each notice of a kind, as it comes, until the returned function is called. */
	hear<K extends keyof Notices>(kind: K, hearer: Hearer<K>): () => void {
		const hearers: Set<Hearer<K>> = this.#hearers[kind];
		hearers.add(hearer);
		return () => hearers.delete(hearer);
	}

	#pass<K extends keyof Notices>(source: EventSource, kind: K): void {
		const hearers: Set<Hearer<K>> = this.#hearers[kind];
		source.addEventListener(kind, (event: MessageEvent<string>) => {
			const told = JSON.parse(event.data) as Notices[K];
			for (const hearer of hearers) hearer(told);
		});
	}

	#take(event: MessageEvent<string>): void {
		const change = JSON.parse(event.data) as Change;
		sawPosition(change.position);
		this.#heard = change.position;
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
