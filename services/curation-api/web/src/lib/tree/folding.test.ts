import { expect, test } from 'vitest';
import { foldedAnew, foldedOf, isFolded } from './folding.ts';

const [ONE, OTHER] = ['b7e9d1f2c3a44f5e9d8c7b6a5f4e3d2c', '0c9b8a7f6e5d4c3b2a19f8e7d6c5b4a3'];

test('what the address says of folded branches is read as it was written', () => {
	const both = foldedOf(foldedAnew(foldedOf(foldedAnew(foldedOf(null), ONE)), OTHER));
	expect([ONE, OTHER].map((id) => isFolded(both, id))).toEqual([true, true]);
	const other = foldedOf(foldedAnew(both, ONE));
	expect([ONE, OTHER].map((id) => isFolded(other, id))).toEqual([false, true]);
	expect(foldedAnew(other, OTHER)).toBe('');
});
