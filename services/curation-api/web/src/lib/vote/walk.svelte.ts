import { answered, api, freshKey, type Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';
import { count } from '#lib/ui/words.ts';

type Walk = Schema['KillWalkView'];
export type WalkAnswer = Schema['WalkAnswer'];

/** The parent that is asked about. */
export interface ParentShown {
	candidateId: string;
	/** Another image of its step to look at beside it; null where there is none. */
	partnerId: string | null;
	/** What dies with it. */
	preview: Schema['BranchView'];
}

/** A kill, and the way left from it: parent beside sibling, up to the base. One undo takes all of it back. */
export class WalkLeft {
	walk = $state.raw<Walk | undefined>();
	/** Null before a kill, and where the way ends. */
	parent = $state.raw<ParentShown | null>(null);
	busy = $state(false);

	/** `killed` is told of every image that is gone, `back` when everything is restored. */
	constructor(
		private readonly killed: (candidateIds: ReadonlySet<string>) => void,
		private readonly back: () => void
	) {}

	get underWay(): boolean {
		return this.parent !== null;
	}

	async kill(candidateId: string): Promise<void> {
		this.killed(new Set([candidateId]));
		await this.#go(candidateId, () =>
			answered(
				api.POST('/api/kill-walks', {
					body: { candidate_id: candidateId },
					params: { header: { 'Idempotency-Key': freshKey() } }
				})
			)
		);
		const walk = this.walk;
		if (walk) notices.tell(`Killed${dying(walk.branch)}`, () => this.#undo(walk.walk_id));
	}

	async answer(answer: WalkAnswer): Promise<void> {
		const { walk_id } = this.walk ?? {};
		const parent_id = this.parent?.candidateId;
		if (!walk_id || !parent_id || this.busy) return;
		await this.#go(parent_id, () =>
			answered(
				api.POST('/api/kill-walks/{walk_id}/answers', {
					body: { parent_id, answer },
					params: { path: { walk_id }, header: { 'Idempotency-Key': freshKey() } }
				})
			)
		);
		if (this.walk) this.killed(new Set(this.walk.killed));
	}

	leave(): void {
		this.walk = undefined;
		this.parent = null;
	}

	/** Takes a step of the walk, then looks at the parent of image `at`. */
	async #go(at: string, step: () => Promise<Schema['Written_KillWalkView_']>): Promise<void> {
		this.busy = true;
		try {
			const walk = (await step()).result ?? undefined;
			this.parent = walk ? await parentOf(walk, at) : null;
			this.walk = walk;
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
				params: { path: { walk_id: walkId }, header: { 'Idempotency-Key': freshKey() } }
			})
		);
		if (this.walk?.walk_id === walkId) this.leave();
		this.back();
	}
}

/** Whom the walk asks about at image `at`: its parent, also one that has nobody beside it. */
async function parentOf(walk: Walk, at: string): Promise<ParentShown | null> {
	const { pair, parent_id, preview } = walk;
	if (pair && parent_id && preview) {
		const partner = pair.left.candidate_id === parent_id ? pair.right : pair.left;
		return { candidateId: parent_id, partnerId: partner.candidate_id, preview };
	}
	const parent = walk.path[walk.path.findIndex((one) => one.candidate_id === at) - 1];
	if (walk.end !== 'no_partner' || !parent) return null;
	const params = { path: { candidate_id: parent.candidate_id } };
	const alone = await answered(api.GET('/api/candidates/{candidate_id}/branch', { params }));
	return { candidateId: parent.candidate_id, partnerId: null, preview: alone };
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
