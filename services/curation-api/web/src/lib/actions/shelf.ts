import type { Letter } from './letter.ts';

interface Kept<Body> extends Letter<Body> {
	/** When it was put here; letters of one moment are told apart by `place`. */
	at: number;
	place: number;
}

/** Letters in the browser's storage, each for itself, so that tabs do not write over one another. */
export class Shelf<Body> {
	#placed = 0;

	constructor(private readonly name: string) {}

	/** All of them, also those of other tabs, in the order they were put here. */
	letters(): Letter<Body>[] {
		const found: Kept<Body>[] = [];
		for (let index = 0; index < localStorage.length; index++) {
			const name = localStorage.key(index);
			if (name?.startsWith(this.#prefix)) found.push(JSON.parse(localStorage.getItem(name) ?? '') as Kept<Body>);
		}
		found.sort((one, other) => one.at - other.at || one.place - other.place);
		return found.map(({ key, body }) => ({ key, body }));
	}

	/** False where the browser has no room. */
	put(letter: Letter<Body>): boolean {
		const kept: Kept<Body> = { ...letter, at: Date.now(), place: this.#placed++ };
		try {
			localStorage.setItem(this.#prefix + letter.key, JSON.stringify(kept));
			return true;
		} catch {
			return false;
		}
	}

	remove(key: string): void {
		localStorage.removeItem(this.#prefix + key);
	}

	get #prefix(): string {
		return `carnival-outbox-${this.name}-`;
	}
}
