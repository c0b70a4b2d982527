import { answered, api, freshKey } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';

const header = () => ({ 'Idempotency-Key': freshKey() });

/** Makes a link for guests of a run; the link, or null if it was refused. Only this answer ever holds it. */
export async function invite(runId: string, label: string): Promise<string | null> {
	try {
		const body = { run_id: runId, label };
		return (await answered(api.POST('/api/guest-links', { body, params: { header: header() } }))).url;
	} catch (error) {
		notices.warn(`No link was made: ${inWords(error)}`);
		return null;
	}
}

export async function revoke(linkId: string): Promise<void> {
	try {
		const params = { path: { link_id: linkId }, header: header() };
		await answered(api.DELETE('/api/guest-links/{link_id}', { params }));
		notices.tell('The link opens nothing any more; votes cast by it stay');
	} catch (error) {
		notices.warn(`The link is as it was: ${inWords(error)}`);
	}
}

/** Lets a guest's votes count for ratings, or keeps them apart again. */
export async function letCount(runId: string, guest: string, merged: boolean): Promise<void> {
	try {
		await send(runId, guest, merged);
		notices.tell(merged ? 'The votes count now' : 'The votes are kept apart', () => send(runId, guest, !merged));
	} catch (error) {
		notices.warn(`The votes are as they were: ${inWords(error)}`);
	}
}

async function send(runId: string, guest: string, merged: boolean): Promise<void> {
	const params = { path: { run_id: runId }, header: header() };
	if (merged) await answered(api.POST('/api/runs/{run_id}/guests/merge', { params, body: { guest } }));
	else await answered(api.POST('/api/runs/{run_id}/guests/separate', { params, body: { guest } }));
}
