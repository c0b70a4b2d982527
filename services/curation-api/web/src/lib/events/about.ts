import type { Schema } from '#lib/api/client.ts';
import { duration, plain } from '#lib/ui/words.ts';

/** What an event tells that its type does not, in a few words: "Upscale, job 12". `nameOf` names a step by its order. */
export function about(event: Schema['EventView'], nameOf: (order: number) => string): string {
	const told = event.event ?? {};
	const text = (field: string): string => {
		const value = told[field];
		return typeof value === 'string' ? value : '';
	};
	const number = (field: string): number | null => {
		const value = told[field];
		return typeof value === 'number' ? value : null;
	};
	const [step, job, attempt, k] = [number('step_order'), number('number'), number('attempt'), number('k')];
	const seconds = number('gpu_seconds');
	return [
		step === null ? '' : nameOf(step),
		job === null ? '' : `job ${job}`,
		k === null ? '' : `the best ${k}`,
		plain(text('outcome')),
		plain(text('failure_class')),
		text('message'),
		plain(text('reason')),
		text('note'),
		text('name'),
		attempt !== null && attempt > 1 ? `try ${attempt}` : '',
		seconds === null ? '' : duration(seconds),
		text('node') && `on ${text('node')}`
	]
		.filter(Boolean)
		.join(', ');
}
