import { changes } from '#lib/live/changes.svelte.ts';

/** Pictures that did not come, by their addresses. They are asked for again when the hub is back. */
export class Missing {
	#addresses = $state.raw<ReadonlySet<string>>(new Set());

	/** Made while a component is. */
	constructor() {
		$effect(() => {
			if (changes.connected) this.#addresses = new Set();
		});
	}

	has(address: string): boolean {
		return this.#addresses.has(address);
	}

	add(address: string): void {
		this.#addresses = new Set([...this.#addresses, address]);
	}
}
