import { answered, api, freshKey } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';

type Deed = 'pause' | 'resume' | 'complete';

const DONE: Record<Deed, string> = { pause: 'paused', resume: 'resumed', complete: 'completed' };
const OPPOSITE: Partial<Record<Deed, Deed>> = { pause: 'resume', resume: 'pause' };

/** Pauses, resumes or completes a run, and says what came of it; whether it was done. Completing is for good. */
export async function govern(runId: string, name: string, deed: Deed): Promise<boolean> {
	try {
		await send(runId, deed);
	} catch (error) {
		notices.warn(`${name} is not ${DONE[deed]}: ${inWords(error)}`);
		return false;
	}
	const back = OPPOSITE[deed];
	notices.tell(`${name} is ${DONE[deed]}`, back && (() => send(runId, back)));
	return true;
}

/** Lets a step that failures have paused go on. */
export async function resumeStep(runId: string, step: { order: number; name: string }): Promise<void> {
	const params = { path: { run_id: runId, order: step.order }, header: { 'Idempotency-Key': freshKey() } };
	try {
		await answered(api.POST('/api/runs/{run_id}/steps/{order}/resume', { params }));
		notices.tell(`${step.name} goes on`);
	} catch (error) {
		notices.warn(`${step.name} is as it was: ${inWords(error)}`);
	}
}

async function send(runId: string, deed: Deed): Promise<void> {
	const params = { path: { run_id: runId }, header: { 'Idempotency-Key': freshKey() } };
	if (deed === 'pause') await answered(api.POST('/api/runs/{run_id}/pause', { params }));
	else if (deed === 'resume') await answered(api.POST('/api/runs/{run_id}/resume', { params }));
	else await answered(api.POST('/api/runs/{run_id}/complete', { params }));
}
