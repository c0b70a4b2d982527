import { expect, test } from 'vitest';
import { settled } from './settled.ts';

const even = (number: number, votes: number) => Array.from({ length: number }, () => ({ rating: 1000, votes }));

test('among equals every three are as likely as any other three', () => {
	expect(settled(even(4, 10), 3)).toBeCloseTo(1 / 4, 2);
	expect(settled(even(6, 0), 3)).toBeCloseTo(1 / 20, 2);
});

test('one of two that lead by one deviation of the difference leads in truth in 84 of 100 cases', () => {
	const [leader, other] = [
		{ rating: 1000 + 200 * Math.SQRT2, votes: 0 },
		{ rating: 1000, votes: 0 }
	];
	expect(settled([other, leader], 1)).toBeCloseTo(0.8413, 3);
});

test('the same lead is the more settled the more votes made it', () => {
	const led = (votes: number) => settled([{ rating: 1100, votes }, ...even(9, votes)], 1) ?? 0;
	expect(led(40)).toBeGreaterThan(led(10));
	expect(led(10)).toBeGreaterThan(led(0));
});

test('nobody to compare with is nothing to settle', () => {
	expect(settled(even(3, 5), 3)).toBeNull();
});
