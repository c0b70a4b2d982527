import type { Schema } from '#lib/api/client.ts';
import { count, duration, plain } from '#lib/ui/words.ts';

type RunCard = Schema['RunCard'];

/** How a run stands, in a few words: "running, 4 jobs under way" or why it stands still. */
export function standing(run: RunCard): string {
	if (run.status === 'completed') return 'completed';
	if (run.halted_by.length)
		return run.halted_by.map(plain).join(', ') + (run.pause_reason ? `: ${run.pause_reason}` : '');
	return run.open_jobs ? `${run.status}, ${count(run.open_jobs, 'job')} under way` : run.status;
}

/** What waits for a person: gates that a gated run needs opened, and steps that failures paused. */
export function waitsFor(run: RunCard): string[] {
	if (run.status === 'completed') return [];
	const gates =
		run.profile === 'gated' ? run.steps.slice(0, -1).filter((step) => step.live > 0 && step.approved_k === null) : [];
	const paused = run.steps.filter((step) => step.paused);
	return [
		...(gates.length ? [count(gates.length, 'gate waits', 'gates wait')] : []),
		...paused.map((step) => `${step.name} is paused`)
	];
}

export function timeLeft(seconds: number | null): string {
	return seconds ? `, about ${duration(seconds)} left` : '';
}
