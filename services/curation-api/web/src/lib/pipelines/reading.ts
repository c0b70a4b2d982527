import { answered, api } from '#lib/api/client.ts';

/** A pipeline, its newest version for null, and what the servers of now can do of it. */
export async function readPipeline(pipelineId: string, version: number | null = null) {
	const params = { path: { pipeline_id: pipelineId }, query: { ...(version && { version }) } };
	const [defined, readiness] = await Promise.all([
		answered(api.GET('/api/pipelines/{pipeline_id}', { params })),
		answered(api.GET('/api/pipelines/{pipeline_id}/readiness', { params }))
	]);
	return { defined, readiness };
}
