import { expect, test } from 'vitest';
import type { Schema } from '#lib/api/client.ts';
import { about } from './about.ts';

const event = (told: Record<string, unknown> | null) => ({ event: told }) as Schema['EventView'];
const nameOf = (order: number) => ['Base', 'Upscale'][order - 1] ?? `Step ${order}`;

test('an event is told apart from its neighbours by a few words', () => {
	expect(about(event({ step_order: 2, number: 12, parent: null }), nameOf)).toBe('Upscale, job 12');
	expect(about(event({ step_order: 1, outcome: 'both_bad' }), nameOf)).toBe('Base, both bad');
	expect(about(event({ failure_class: 'out_of_memory', message: 'no room', attempt: 2, node: 'n' }), nameOf)).toBe(
		'out of memory, no room, try 2, on n'
	);
});

test('of an event that could not be read nothing is told', () => {
	expect(about(event(null), nameOf)).toBe('');
});
