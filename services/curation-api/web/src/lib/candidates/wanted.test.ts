import { expect, test } from 'vitest';
import { wantedVariables } from './wanted.ts';

test.each([
	['style=noir', { style: 'noir' }],
	['style = film noir , steps=20', { style: 'film noir', steps: 20 }],
	['seed="20", words="a, \\"b\\""', { seed: '20', words: 'a, "b"' }],
	['hires=true', { hires: true }],
	['', null],
	['noir', undefined],
	['style=', undefined],
	['a=1, b', undefined]
])('%j asks for %j', (text, wanted) => expect(wantedVariables(text)).toEqual(wanted));
