import { answered, api, type Schema } from '#lib/api/client.ts';
import type { TreeNode } from './layout.ts';

export interface Past {
	run: Schema['RunAtView'];
	nodes: TreeNode[];
}

/** A run and its whole tree as they were at a moment (ISO time). */
export async function readPast(runId: string, time: string): Promise<Past> {
	const run = await answered(
		api.GET('/api/runs/{run_id}/at', { params: { path: { run_id: runId }, query: { time } } })
	);
	const nodes = [...run.tree];
	let next = run.tree_next ?? null;
	while (next != null) {
		const page: Schema['Page_TreeNode_'] = await answered(
			api.GET('/api/runs/{run_id}/at/tree', {
				params: { path: { run_id: runId }, query: { position: run.position, cursor: Number(next) } }
			})
		);
		nodes.push(...page.items);
		next = page.next ?? null;
	}
	return { run, nodes };
}
