import { answered, api, type Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';

type Inspection = Schema['WorkflowInspection'];
export type Binding = Schema['BindingView'];

/** One step while it is written: a pasted workflow, and what the hub found in it. */
export class StepDraft {
	name = $state('');
	pool = $state('default');
	template = $state('');
	inspection = $state.raw<Inspection | undefined>();
	trouble = $state('');
	/** Tells drafts apart while they are moved and removed; it never leaves the page. */
	readonly id = crypto.randomUUID();

	/** Takes a workflow as it was exported, and puts placeholders where the hub recommends them. */
	async paste(workflow: string, first: boolean): Promise<void> {
		this.trouble = '';
		try {
			const found = await answered(
				api.POST('/api/workflows/inspect', { body: { workflow, accept: 'recommended', first_step: first } })
			);
			this.inspection = found;
			this.template = found.template;
		} catch (error) {
			this.template = workflow;
			this.inspection = undefined;
			this.trouble = inWords(error);
		}
	}

	body(order: number): Schema['StepBody'] {
		const found = this.inspection;
		return {
			order,
			name: this.name,
			pool: this.pool,
			template: this.template,
			...(found && { needs_prompt: found.needs_prompt, needs_parent: found.needs_parent })
		};
	}
}

/** A pipeline while it is written; `of` is the pipeline whose next version it becomes. */
export class PipelineDraft {
	name = $state('');
	description = $state('');
	steps = $state<StepDraft[]>([new StepDraft()]);
	of = $state<string | null>(null);
	refused = $state('');

	async load(pipelineId: string): Promise<void> {
		const found = await answered(
			api.GET('/api/pipelines/{pipeline_id}', { params: { path: { pipeline_id: pipelineId } } })
		);
		this.of = pipelineId;
		this.name = found.name;
		this.description = found.description;
		this.steps = found.steps.map((step) => {
			const draft = new StepDraft();
			[draft.name, draft.pool, draft.template] = [step.name, step.pool, step.template];
			void draft.paste(step.template, step.order === 1);
			return draft;
		});
	}

	/** The pipeline's id, or null if it was refused; then `refused` says why. Throws nothing. */
	async save(key: string): Promise<{ pipelineId: string; warnings: string[] } | null> {
		this.refused = '';
		const body = {
			name: this.name,
			description: this.description,
			steps: this.steps.map((step, index) => step.body(index + 1))
		};
		const header = { 'idempotency-key': key };
		try {
			const written =
				this.of === null
					? await answered(api.POST('/api/pipelines', { body, params: { header } }))
					: await answered(
							api.POST('/api/pipelines/{pipeline_id}/versions', {
								body,
								params: { path: { pipeline_id: this.of }, header }
							})
						);
			return { pipelineId: written.id, warnings: written.warnings ?? [] };
		} catch (error) {
			this.refused = inWords(error);
			return null;
		}
	}
}
