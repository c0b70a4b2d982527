import { untrack } from 'svelte';

/** What one key does on the page that is shown. */
export interface Binding {
	keys: string[];
	says: string;
	does: () => void;
	/** Whether a key that is held down does it again and again. */
	repeats?: boolean;
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
		if (event.defaultPrevented || event.altKey || isTyping(event.target)) return;
		const pressed = nameOf(event);
		if (belongsElsewhere(pressed, event.target)) return;
		for (const group of this.#groups.toReversed()) {
			const found = group.bindings.find((one) => one.keys.includes(pressed));
			if (!found) continue;
			event.preventDefault();
			if (!event.repeat || found.repeats) found.does();
			return;
		}
	}
}

/**
 * `ctrl+z` for Control or Command with z, `shift+Home` for named keys with Shift; otherwise the key as the browser names
 * it, letters in lower case.
 */
function nameOf(event: KeyboardEvent): string {
	const isNamed = event.key.length > 1;
	const key = isNamed ? event.key : event.key.toLowerCase();
	const shift = event.shiftKey && isNamed ? 'shift+' : '';
	return (event.ctrlKey || event.metaKey ? 'ctrl+' : '') + shift + key;
}

function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Behind an open dialog nothing is meant, and the space bar presses the button that has the focus. */
function belongsElsewhere(pressed: string, target: EventTarget | null): boolean {
	if (pressed !== '?' && document.querySelector('dialog[open]')) return true;
	return (
		pressed === ' ' && target instanceof Element && target.closest('button:not([data-page-keys]), summary') !== null
	);
}

export const keys = new Keys();
