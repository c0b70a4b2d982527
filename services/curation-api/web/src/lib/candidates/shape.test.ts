import { expect, test } from 'vitest';
import { shapeOf } from './shape.ts';

const portrait = { width: 768, height: 1152 };
const wide = { width: 4000, height: 1000 };

test('most pictures say how cells are shaped, within reason', () => {
	expect(shapeOf([portrait, wide, portrait])).toBeCloseTo(2 / 3);
	expect(shapeOf([wide])).toBeCloseTo(16 / 9);
	expect(shapeOf([])).toBe(1);
});
