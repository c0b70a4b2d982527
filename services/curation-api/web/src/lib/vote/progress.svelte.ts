import { answered, api } from '#lib/api/client.ts';
import { percent } from '#lib/ui/words.ts';
import { settled } from './settled.ts';

export const TOP = 3;
/** Whoever is rated lower hardly ever comes among the best. */
const CONTENDERS_MAX = 60;
const AGAIN_MILLISECONDS = 3000;

/** How settled the best of the step are that is voted on. Ratings are read, never shown: voting is blind. */
export class Progress {
	words = $state('');

	#order: number | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly runId: string) {}

	/** Reads anew soon, at once where another step is voted on. */
	look(order: number | undefined): void {
		if (order === undefined) return;
		const pause = order === this.#order ? AGAIN_MILLISECONDS : 0;
		if (pause === 0) clearTimeout(this.#timer);
		else if (this.#timer !== undefined) return;
		this.#order = order;
		this.#timer = setTimeout(() => void this.#read(order), pause);
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	async #read(step: number): Promise<void> {
		this.#timer = undefined;
		const params = {
			path: { run_id: this.runId },
			query: { step, status: 'live' as const, sort: 'rating' as const, limit: CONTENDERS_MAX }
		};
		const page = await answered(api.GET('/api/runs/{run_id}/candidates', { params })).catch(() => null);
		const chance = page && settled(page.items, TOP);
		if (step === this.#order) this.words = chance === null ? '' : `top ${TOP} settled at ${percent(chance)}`;
	}
}
