// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { keys } from './keys.svelte.ts';

let done: string[];

function press(key: string, more: KeyboardEventInit = {}, on: Element = document.body): void {
	const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
	on.addEventListener('keydown', (heard) => keys.press(heard as KeyboardEvent), { once: true });
	on.dispatchEvent(event);
}

beforeEach(() => {
	done = [];
	document.body.innerHTML = '';
	const unbind = keys.bind('Test', [
		{ keys: ['ArrowLeft'], says: 'vote', does: () => done.push('vote') },
		{ keys: ['ArrowDown'], says: 'go', does: () => done.push('go'), repeats: true },
		{ keys: ['shift+ArrowDown'], says: 'extend', does: () => done.push('extend') },
		{ keys: [' '], says: 'flicker', does: () => done.push('flicker') }
	]);
	return unbind;
});

test('a key held down votes once, and goes on where going on is meant', () => {
	press('ArrowLeft');
	press('ArrowLeft', { repeat: true });
	press('ArrowDown');
	press('ArrowDown', { repeat: true });
	expect(done).toEqual(['vote', 'go', 'go']);
});

test('with Shift a named key is another one', () => {
	press('ArrowDown', { shiftKey: true });
	press('ArrowLeft', { shiftKey: true });
	expect(done).toEqual(['extend']);
});

test('who types, and whoever reads a dialog, does nothing to the page behind', () => {
	document.body.innerHTML = '<input /><dialog open></dialog>';
	press('ArrowLeft', {}, document.querySelector('input') ?? document.body);
	press('ArrowLeft');
	expect(done).toEqual([]);
});

test('the space bar presses the button that has the focus, unless that leaves it to the page', () => {
	document.body.innerHTML = '<button></button><button data-page-keys></button>';
	const [own, left] = document.querySelectorAll('button');
	press(' ', {}, own);
	press(' ', {}, left);
	expect(done).toEqual(['flicker']);
});
