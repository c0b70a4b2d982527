import { answered, api, freshKey } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';
import { count } from '#lib/ui/words.ts';

type Deed = 'reject' | 'restore';

const SAYS: Record<Deed, string> = { reject: 'rejected', restore: 'restored' };

/** Rejects or restores images, all or none, and offers the way back. */
export async function judge(deed: Deed, candidateIds: string[]): Promise<void> {
	try {
		await send(deed, candidateIds);
	} catch (error) {
		notices.warn(`Nothing is ${SAYS[deed]}: ${inWords(error)}`);
		return;
	}
	const back: Deed = deed === 'reject' ? 'restore' : 'reject';
	notices.tell(`${count(candidateIds.length, 'image')} ${SAYS[deed]}`, () => send(back, candidateIds));
}

async function send(deed: Deed, candidateIds: string[]): Promise<void> {
	const params = { header: { 'idempotency-key': freshKey() } };
	const body = { candidate_ids: candidateIds };
	if (deed === 'reject') await answered(api.POST('/api/candidates/reject', { params, body }));
	else await answered(api.POST('/api/candidates/restore', { params, body }));
}

/** Marks the winner of a run, or moves the mark. */
export async function chooseWinner(runId: string, candidateId: string): Promise<void> {
	try {
		await answered(
			api.PUT('/api/runs/{run_id}/winner', {
				params: { path: { run_id: runId }, header: { 'idempotency-key': freshKey() } },
				body: { candidate_id: candidateId }
			})
		);
		notices.tell('Marked as the winner', () => clearWinner(runId));
	} catch (error) {
		notices.warn(`Not marked: ${inWords(error)}`);
	}
}

async function clearWinner(runId: string): Promise<void> {
	await answered(
		api.DELETE('/api/runs/{run_id}/winner', {
			params: { path: { run_id: runId }, header: { 'idempotency-key': freshKey() } }
		})
	);
}
