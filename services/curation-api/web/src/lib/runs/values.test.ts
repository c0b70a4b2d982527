import { expect, test } from 'vitest';
import { given, meant } from './values.ts';

test.each([
	['12', 12],
	['-0.5', -0.5],
	['007', '007'],
	['1e3', '1e3'],
	['a gym', 'a gym'],
	['', null]
])('%j means %j', (text, value) => expect(meant(text)).toBe(value));

test('what was left empty is not sent', () => {
	expect(given({ a: null, b: undefined, c: 0, d: false, e: '' })).toEqual({ c: 0, d: false, e: '' });
});
