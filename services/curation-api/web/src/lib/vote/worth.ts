import { answered, api } from '#lib/api/client.ts';

/** With fewer votes than this the place of an image is hardly settled (GATE-8). */
const FEW = 5;
/** Whoever is rated lower hardly ever comes among the best. */
const CONTENDERS_MAX = 60;

/** Votes that it takes until each of these images has had enough of them; a vote is of two images. */
export function wantedVotes(images: readonly { votes: number }[]): number {
	return Math.ceil(images.reduce((sum, one) => sum + Math.max(0, FEW - one.votes), 0) / 2);
}

/** How many pairs of the step that is voted on next are worth a vote: open ones, until its contenders have had enough. */
export async function pairsWorthVoting(runId: string): Promise<number> {
	const path = { run_id: runId };
	const { pair } = await answered(api.GET('/api/runs/{run_id}/next-pair', { params: { path } }));
	if (!pair) return 0;
	const query = {
		step: pair.step_order,
		status: 'live' as const,
		sort: 'rating' as const,
		limit: CONTENDERS_MAX
	};
	const page = await answered(api.GET('/api/runs/{run_id}/candidates', { params: { path, query } }));
	return Math.min(wantedVotes(page.items), pair.open_pairs ?? 0);
}
