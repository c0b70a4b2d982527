import { expect, test } from 'vitest';
import { scaled, ticks } from './bars.ts';

const FRAME = { width: 100, height: 50 };

test('the tallest bar reaches to a round number, others in proportion', () => {
	const found = scaled(
		[
			{ name: 'a', value: 15 },
			{ name: 'b', value: 5, warned: 5 }
		],
		FRAME
	);
	expect(found.most).toBe(20);
	expect(found.place(0)).toMatchObject({ height: 37.5, top: 12.5, warned: 0 });
	expect(found.place(1)).toMatchObject({ height: 12.5, top: 37.5, warned: 12.5 });
});

test('nothing at all is no bar, and said so', () => {
	const found = scaled([{ name: 'a', value: 0 }], FRAME);
	expect(found.place(0).height).toBe(0);
	expect(found.summary('images')).toBe('no images');
});

test('a summary names the total and the tallest', () => {
	expect(
		scaled(
			[
				{ name: '09', value: 3 },
				{ name: '10', value: 4 }
			],
			FRAME
		).summary('images')
	).toBe('7 images in all, the most in 10 with 4');
});

test('no more names than have room', () => {
	expect(ticks(24).size).toBe(8);
	expect(ticks(3).size).toBe(3);
});
