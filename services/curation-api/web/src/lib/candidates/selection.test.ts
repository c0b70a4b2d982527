import { expect, test } from 'vitest';
import { Selection } from './selection.svelte.ts';

const ORDER = ['a', 'b', 'c', 'd', 'e'];

test('a range runs from the last one touched, in either direction', () => {
	const selection = new Selection();
	selection.toggle('d');
	selection.extend('b', ORDER);
	expect([...selection.ids].sort()).toEqual(['b', 'c', 'd']);
});

test('a range without a beginning is that one image', () => {
	const selection = new Selection();
	selection.extend('c', ORDER);
	expect([...selection.ids]).toEqual(['c']);
});

test('touched twice is not selected', () => {
	const selection = new Selection();
	selection.toggle('a');
	selection.toggle('a');
	expect(selection.ids.size).toBe(0);
});

test('all that match is everything that is there', () => {
	const selection = new Selection();
	selection.all(ORDER);
	expect([...selection.ids]).toEqual(ORDER);
});
