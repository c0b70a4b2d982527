import { SvelteMap } from 'svelte/reactivity';
import { answered, api, type Schema } from '#lib/api/client.ts';
import { changes } from '#lib/live/changes.svelte.ts';
import { fresh } from '#lib/live/fresh.svelte.ts';

const JOBS_MAX = 100;

/** Jobs of a run that are at a server now, and how far each is. */
export class JobsNow {
	readonly #told = new SvelteMap<string, number>();
	readonly #jobs = fresh(
		() => this.#read(),
		(change) => change.run_id === this.runId() && (change.type.startsWith('Job') || change.type === 'ImageProduced')
	);

	/** Percent by parent; of several jobs of one parent the furthest. */
	readonly byParent = $derived(this.#furthest((job) => job.parent_id));
	/** Percent by order of the step. */
	readonly byStep = $derived(this.#furthest((job) => job.step_order));

	constructor(private readonly runId: () => string) {
		$effect(() =>
			changes.hear('progress', (told) => {
				if (told.run_id === this.runId()) this.#told.set(told.job_id, told.percent);
			})
		);
	}

	#furthest<K>(of: (job: Schema['JobView']) => K | null): ReadonlyMap<K, number> {
		const found = new Map<K, number>();
		for (const job of this.#jobs.value ?? []) {
			const place = of(job);
			const percent = this.#told.get(job.job_id) ?? job.progress?.percent ?? 0;
			if (place !== null) found.set(place, Math.max(percent, found.get(place) ?? 0));
		}
		return found;
	}

	async #read(): Promise<Schema['JobView'][]> {
		const params = { path: { run_id: this.runId() }, query: { state: 'submitted' as const, limit: JOBS_MAX } };
		const jobs = (await answered(api.GET('/api/runs/{run_id}/jobs', { params }))).items;
		const open = new Set(jobs.map((job) => job.job_id));
		for (const id of this.#told.keys()) if (!open.has(id)) this.#told.delete(id);
		return jobs;
	}
}
