import { expect, test } from 'vitest';
import type { Schema } from '#lib/api/client.ts';
import { grain, imageBars } from './periods.ts';

function hours(number: number): Schema['HourFigures'][] {
	return Array.from({ length: number }, (_, index) => ({
		hour: new Date(2026, 0, 1, index).toISOString(),
		images: 2,
		failed: 1,
		gpu_seconds: 0,
		votes: 0
	}));
}

test('a day is told by the hour', () => {
	expect(grain(hours(24))).toBe('hour');
	expect(imageBars(hours(24)).map((bar) => [bar.value, bar.warned])).toEqual(Array(24).fill([2, 1]));
});

test('a week is told by the day', () => {
	expect(grain(hours(168))).toBe('day');
	expect(imageBars(hours(168)).map((bar) => [bar.value, bar.warned])).toEqual(Array(7).fill([48, 24]));
});
