import { expect, test } from 'vitest';
import { valuesOf } from './values.ts';

test('numbers are numbers, and what only looks like one stays a text', () => {
	expect(valuesOf({ a: '12', b: '-0.5', c: '007', d: '1e3', e: 'a gym', f: '' })).toEqual({
		a: 12,
		b: -0.5,
		c: '007',
		d: '1e3',
		e: 'a gym',
		f: ''
	});
});
