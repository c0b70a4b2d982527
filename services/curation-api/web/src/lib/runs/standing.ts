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

/** Something that goes on only when a person acts, and where they do. */
export interface Waiting {
	says: string;
	href: string;
}

/** What waits for a person: gates of a gated run, steps that failures paused, limits that are reached. */
export function waitsFor(run: RunCard): Waiting[] {
	if (run.status === 'completed') return [];
	const base = `/runs/${run.run_id}`;
	const gates =
		run.profile === 'gated' ? run.steps.slice(0, -1).filter((step) => step.live > 0 && step.approved_k === null) : [];
	const paused = run.steps.filter((step) => step.paused);
	const limits = run.halted_by.filter((halt) => halt !== 'paused' && halt !== 'completed');
	return [
		...(gates.length ? [{ says: count(gates.length, 'gate waits', 'gates wait'), href: `${base}/gates` }] : []),
		...paused.map((step) => ({ says: `${step.name} is paused`, href: base })),
		...limits.map((halt) => ({ says: LIMITS[halt], href: `${base}/settings` }))
	];
}

const LIMITS = {
	images_reached: 'Its limit of images is reached',
	gpu_seconds_reached: 'Its limit of GPU time is reached',
	deadline_passed: 'Its time is over'
};

export function timeLeft(seconds: number | null): string {
	return seconds ? `, about ${duration(seconds)} left` : '';
}
