import { answered, api, freshKey, type Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';
import { count } from '#lib/ui/words.ts';

type Walk = Schema['KillWalkView'];
export type WalkAnswer = Schema['WalkAnswer'];

/** A kill, and the way left from it: parent beside sibling, up to the base. One undo takes all of it back. */
export class WalkLeft {
	walk = $state.raw<Walk | undefined>();
	busy = $state(false);

	/** `killed` is told of every image that is gone, `back` when everything is restored. */
	constructor(
		private readonly killed: (candidateIds: ReadonlySet<string>) => void,
		private readonly back: () => void
	) {}

	get under_way(): boolean {
		return this.walk?.pair != null && this.walk.end === null;
	}

	async kill(candidateId: string): Promise<void> {
		this.killed(new Set([candidateId]));
		await this.#go(() =>
			answered(
				api.POST('/api/kill-walks', {
					body: { candidate_id: candidateId },
					params: { header: { 'idempotency-key': freshKey() } }
				})
			)
		);
		const walk = this.walk;
		if (walk) notices.tell(`Killed${dying(walk.branch)}`, () => this.#undo(walk.walk_id));
	}

	async answer(answer: WalkAnswer): Promise<void> {
		const { walk_id, parent_id } = this.walk ?? {};
		if (!walk_id || !parent_id || this.busy) return;
		await this.#go(() =>
			answered(
				api.POST('/api/kill-walks/{walk_id}/answers', {
					body: { parent_id, answer },
					params: { path: { walk_id }, header: { 'idempotency-key': freshKey() } }
				})
			)
		);
		if (this.walk) this.killed(new Set(this.walk.killed));
	}

	leave(): void {
		this.walk = undefined;
	}

	async #go(step: () => Promise<Schema['Written_KillWalkView_']>): Promise<void> {
		this.busy = true;
		try {
			this.walk = (await step()).result ?? undefined;
		} catch (error) {
			notices.warn(`Not killed: ${inWords(error)}`);
			this.back();
		} finally {
			this.busy = false;
		}
	}

	async #undo(walkId: string): Promise<void> {
		await answered(
			api.DELETE('/api/kill-walks/{walk_id}', {
				params: { path: { walk_id: walkId }, header: { 'idempotency-key': freshKey() } }
			})
		);
		if (this.walk?.walk_id === walkId) this.walk = undefined;
		this.back();
	}
}

/** ", and 4 below it; 2 jobs cancelled", or nothing where nothing else dies. */
export function dying(branch: Schema['BranchView'] | null): string {
	if (!branch) return '';
	const below = branch.live + branch.dead;
	return (
		(below ? `, and ${count(below, 'image')} below it` : '') +
		(branch.open_jobs ? `; ${count(branch.open_jobs, 'job')} cancelled` : '')
	);
}
