import { answered, api, freshKey } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';
import { count } from '#lib/ui/words.ts';

type Deed = 'reject' | 'restore';

const SAYS: Record<Deed, string> = { reject: 'killed', restore: 'restored' };

/** Images in one command, which is carried out for all of them or for none. */
const AT_ONCE_MAX = 500;

/** Rejects (people say: kills) or restores images and offers the way back. The ids of those it was carried out for. */
export async function judge(deed: Deed, candidateIds: string[]): Promise<string[]> {
	const done: string[] = [];
	try {
		for (const some of batches(candidateIds)) {
			await send(deed, some);
			done.push(...some);
		}
	} catch (error) {
		const rest = count(candidateIds.length - done.length, 'image');
		notices.warn(`${rest} not ${SAYS[deed]}: ${inWords(error)}`);
	}
	const back: Deed = deed === 'reject' ? 'restore' : 'reject';
	if (done.length)
		notices.tell(`${count(done.length, 'image')} ${SAYS[deed]}`, async () => {
			for (const some of batches(done)) await send(back, some);
		});
	return done;
}

function batches(candidateIds: string[]): string[][] {
	const number = Math.ceil(candidateIds.length / AT_ONCE_MAX);
	return Array.from({ length: number }, (_, index) =>
		candidateIds.slice(index * AT_ONCE_MAX, (index + 1) * AT_ONCE_MAX)
	);
}

async function send(deed: Deed, candidateIds: string[]): Promise<void> {
	const params = { header: { 'Idempotency-Key': freshKey() } };
	const body = { candidate_ids: candidateIds };
	if (deed === 'reject') await answered(api.POST('/api/candidates/reject', { params, body }));
	else await answered(api.POST('/api/candidates/restore', { params, body }));
}

/** Marks the winner of a run, or moves the mark; undone it is where it was. */
export async function chooseWinner(runId: string, candidateId: string): Promise<void> {
	await change(runId, candidateId, 'Marked as the winner');
}

/** Takes the mark away. */
export async function clearWinner(runId: string): Promise<void> {
	await change(runId, null, 'The run has no winner any more');
}

async function change(runId: string, candidateId: string | null, said: string): Promise<void> {
	try {
		const before = await answered(api.GET('/api/runs/{run_id}', { params: { path: { run_id: runId } } }));
		await mark(runId, candidateId);
		notices.tell(said, () => mark(runId, before.winner_id));
	} catch (error) {
		notices.warn(`The winner is as it was: ${inWords(error)}`);
	}
}

async function mark(runId: string, candidateId: string | null): Promise<void> {
	const params = { path: { run_id: runId }, header: { 'Idempotency-Key': freshKey() } };
	if (candidateId === null) await answered(api.DELETE('/api/runs/{run_id}/winner', { params }));
	else await answered(api.PUT('/api/runs/{run_id}/winner', { params, body: { candidate_id: candidateId } }));
}
