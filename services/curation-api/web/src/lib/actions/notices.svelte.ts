/** What happened and can be taken back, or went wrong: the strip at the foot of every page. */
export interface Notice {
	id: number;
	text: string;
	bad: boolean;
	/** Whether it is seen only by whoever opens the strip. */
	quiet: boolean;
	/** Addresses of small pictures of what it is about. */
	pictures: string[];
	/** Takes it back; absent where nothing can be. */
	undo?: () => Promise<void>;
}

const KEPT_MAX = 10;
/** So long a thing that went well stays in sight; then it is in the opened strip only. */
const SHOWN_MILLISECONDS = 10_000;

class Notices {
	list = $state.raw<Notice[]>([]);
	/** Whether the strip shows everything it has. */
	open = $state(false);
	#next = 1;

	tell(text: string, undo?: () => Promise<void>): void {
		const id = this.#add({ text, bad: false, quiet: false, pictures: [], ...(undo && { undo }) });
		setTimeout(() => this.#hush(id), SHOWN_MILLISECONDS);
	}

	warn(text: string): void {
		this.#add({ text, bad: true, quiet: false, pictures: [] });
	}

	/** Keeps for the strip what is seen already, such as a vote. Its id. */
	record(text: string, pictures: string[], undo: () => Promise<void>): number {
		return this.#add({ text, bad: false, quiet: true, pictures, undo });
	}

	dismiss(id: number): void {
		this.list = this.list.filter((one) => one.id !== id);
		if (this.list.length === 0) this.open = false;
	}

	/** Takes the newest thing back that can be. */
	async undoLast(): Promise<void> {
		const last = this.list.findLast((one) => one.undo);
		if (last) await this.undo(last);
	}

	async undo(notice: Notice): Promise<void> {
		this.dismiss(notice.id);
		try {
			await notice.undo?.();
		} catch (error) {
			this.warn(`Not taken back: ${error instanceof Error ? error.message : String(error)}`);
		}
	}

	#add(notice: Omit<Notice, 'id'>): number {
		const id = this.#next++;
		this.list = [...this.list, { id, ...notice }].slice(-KEPT_MAX);
		return id;
	}

	#hush(id: number): void {
		this.list = this.list.map((one) => (one.id === id ? { ...one, quiet: true } : one));
	}
}

export const notices = new Notices();
