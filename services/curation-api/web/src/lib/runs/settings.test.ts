import { expect, test } from 'vitest';
import type { Schema } from '#lib/api/client.ts';
import { RunSettings } from './settings.svelte.ts';

test('what is left empty is not said', () => {
	expect(new RunSettings().body()).toEqual({});
});

test('everything that is filled in is said in the units of the hub', () => {
	const settings = new RunSettings();
	Object.assign(settings, { n: 2, t: 0, profile: 'gated', policy: 'global', weights: 'boltzmann', temperature: 50 });
	Object.assign(settings, { system: 'glicko', images: 40, gpuMinutes: 1.5, deadline: '2027-01-01T08:00' });
	expect(settings.body()).toEqual({
		n: 2,
		t: 0,
		profile: 'gated',
		policy: 'global',
		raffle: { weights: 'boltzmann', temperature: 50 },
		rating: { system: 'glicko', settings: {} },
		ceilings: { images: 40, gpu_seconds: 90, deadline: new Date(2027, 0, 1, 8).toISOString() }
	});
});

test('the settings of a run change nothing as they are, and ceilings fall that are taken out', () => {
	const deadline = new Date(2027, 0, 1, 8).toISOString();
	const settings = RunSettings.of({
		n: 2,
		t: 5,
		policy: null,
		rating: null,
		raffle: { weights: 'linear', temperature: 100 },
		ceilings: { images: null, gpu_seconds: 90, deadline }
	} as Schema['RunView']);
	expect(settings.change()).toEqual({
		n: 2,
		t: 5,
		raffle: { weights: 'linear', temperature: 100 },
		ceilings: { gpu_seconds: 90, deadline },
		follows_promoted: true
	});
	settings.gpuMinutes = null;
	expect(settings.change().ceilings).toEqual({ deadline });
});
