/** What happened and can be taken back, or went wrong: the strip at the foot of every page. */
export interface Notice {
	id: number;
	text: string;
	bad: boolean;
	/** Takes it back; absent where nothing can be. */
	undo?: () => Promise<void>;
}

const KEPT_MAX = 10;

class Notices {
	list = $state.raw<Notice[]>([]);
	#next = 1;

	tell(text: string, undo?: () => Promise<void>): void {
		this.#add({ id: this.#next++, text, bad: false, ...(undo && { undo }) });
	}

	warn(text: string): void {
		this.#add({ id: this.#next++, text, bad: true });
	}

	dismiss(id: number): void {
		this.list = this.list.filter((one) => one.id !== id);
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

	#add(notice: Notice): void {
		this.list = [...this.list, notice].slice(-KEPT_MAX);
	}
}

export const notices = new Notices();
