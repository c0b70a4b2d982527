import { SvelteSet } from 'svelte/reactivity';

/** Which of a list of images are selected: one by one, or a range from the last one touched. */
export class Selection {
	readonly ids = new SvelteSet<string>();
	#last: string | null = null;

	toggle(candidateId: string): void {
		if (!this.ids.delete(candidateId)) this.ids.add(candidateId);
		this.#last = candidateId;
	}

	/** Everything between the last one touched and this one. */
	extend(candidateId: string, order: string[]): void {
		const [from, to] = [order.indexOf(this.#last ?? candidateId), order.indexOf(candidateId)];
		for (const id of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(id);
		this.#last = candidateId;
	}

	all(order: string[]): void {
		for (const id of order) this.ids.add(id);
	}

	clear(): void {
		this.ids.clear();
		this.#last = null;
	}
}
