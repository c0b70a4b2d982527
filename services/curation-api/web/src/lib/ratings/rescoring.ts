import { answered, api, freshKey, type Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';

type Rescoring = Schema['RescoringSummary'];

/** "computing", "ready", "in force", "promoted before", "given up". */
export function standingOf(one: Rescoring): string {
	if (one.in_force) return 'in force';
	if (one.state === 'requested') return 'computing';
	if (one.state === 'finished') return 'ready';
	return one.state === 'promoted' ? 'was in force' : 'given up';
}

/** Asks for another rating system over all votes; the id of the rescoring, or null if it was refused. */
export async function rescore(system: string): Promise<string | null> {
	try {
		const params = { header: { 'Idempotency-Key': freshKey() } };
		return (await answered(api.POST('/api/rescorings', { body: { system }, params }))).id;
	} catch (error) {
		notices.warn(`Not asked for: ${inWords(error)}`);
		return null;
	}
}

/** Lets a computed system rate from now on, or gives it up. */
export async function settle(one: Rescoring, deed: 'promote' | 'drop'): Promise<void> {
	const params = { path: { rescoring_id: one.rescoring_id }, header: { 'Idempotency-Key': freshKey() } };
	try {
		if (deed === 'promote') {
			await answered(api.POST('/api/rescorings/{rescoring_id}/promote', { params }));
			notices.tell(`${one.system} rates from now on`);
		} else {
			await answered(api.POST('/api/rescorings/{rescoring_id}/drop', { params }));
			notices.tell(`${one.system} is given up`);
		}
	} catch (error) {
		notices.warn(`Nothing changed: ${inWords(error)}`);
	}
}
