import { answered, api } from '#lib/api/client.ts';
import type { TreeNode } from './layout.ts';

const PER_PAGE = 1000;

/** Every node of a run's tree, parents before children. */
export async function readTree(runId: string): Promise<TreeNode[]> {
	const nodes: TreeNode[] = [];
	let cursor: number | undefined;
	do {
		const page = await answered(
			api.GET('/api/runs/{run_id}/tree', {
				params: { path: { run_id: runId }, query: { limit: PER_PAGE, ...(cursor !== undefined && { cursor }) } }
			})
		);
		nodes.push(...page.items);
		cursor = page.next == null ? undefined : Number(page.next);
	} while (cursor !== undefined);
	return nodes;
}
