import { untrack } from 'svelte';

/** What one key does on the page that is shown. */
export interface Binding {
	keys: string[];
	says: string;
	does: () => void;
}

/** The keys of the page that is shown, and of everything. `?` shows them all. */
class Keys {
	#groups = $state.raw<{ title: string; bindings: Binding[] }[]>([]);

	get groups(): { title: string; bindings: Binding[] }[] {
		return this.#groups;
	}

	/** Binds keys until the returned function is called. Later bindings go before earlier ones. */
	bind(title: string, bindings: Binding[]): () => void {
		const group = { title, bindings };
		const others = (): { title: string; bindings: Binding[] }[] =>
			untrack(() => this.#groups).filter((one) => one !== group);
		this.#groups = [...others(), group];
		return () => (this.#groups = others());
	}

	press(event: KeyboardEvent): void {
		if (event.defaultPrevented || isTyping(event.target) || event.altKey) return;
		const pressed = nameOf(event);
		for (const group of this.#groups.toReversed()) {
			const found = group.bindings.find((one) => one.keys.includes(pressed));
			if (!found) continue;
			event.preventDefault();
			found.does();
			return;
		}
	}
}

/** `ctrl+z` for Control or Command with z; otherwise the key as the browser names it, letters in lower case. */
function nameOf(event: KeyboardEvent): string {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
	return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
}

function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

export const keys = new Keys();
