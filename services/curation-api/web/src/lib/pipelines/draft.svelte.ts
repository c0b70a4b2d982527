import { answered, api, freshKey, type Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';

type Inspection = Schema['WorkflowInspection'];
export type Binding = Schema['BindingView'];

/** One step while it is written: a pasted workflow, and what the hub found in it. */
export class StepDraft {
	name = $state('');
	pool = $state('default');
	template = $state('');
	/** Replaces N for the children made at this step; null: N. */
	childCap = $state<number | null>(null);
	/** The node whose image counts; empty: the only one that saves. */
	resultNode = $state('');
	inspection = $state.raw<Inspection | undefined>();
	trouble = $state('');
	/** Tells drafts apart while they are moved and removed; it never leaves the page. */
	readonly id = freshKey();
	/** What a step that was defined before says of itself; what is found in its workflow goes before it. */
	#before: Partial<Schema['StepBody']> = {};

	/** A step of a pipeline that is defined already. */
	static of(step: Schema['StepView']): StepDraft {
		const draft = new StepDraft();
		[draft.name, draft.pool, draft.template] = [step.name, step.pool, step.template];
		[draft.childCap, draft.resultNode] = [step.child_cap, step.result_node ?? ''];
		const { needs_prompt, needs_parent, needs_variables } = step;
		draft.#before = { needs_prompt, needs_parent, needs_variables };
		void draft.paste(step.template, step.order === 1);
		return draft;
	}

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

	/** Puts a placeholder where one is offered. */
	async bind(offer: Binding, first: boolean): Promise<void> {
		const workflow = JSON.parse(this.template) as Record<string, { inputs: Record<string, unknown> }>;
		const node = workflow[offer.node];
		if (!node) return;
		node.inputs[offer.input] = offer.replacement;
		await this.paste(JSON.stringify(workflow, null, 2), first);
	}

	body(order: number): Schema['StepBody'] {
		const found = this.inspection;
		return {
			order,
			name: this.name,
			pool: this.pool,
			template: this.template,
			...this.#before,
			...(this.childCap !== null && { child_cap: this.childCap }),
			...(this.resultNode && { result_node: this.resultNode }),
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
	/** Types, defaults and limits that the version before declares. */
	#variables: Schema['VariableBody'][] = [];

	async load(pipelineId: string): Promise<void> {
		const found = await answered(
			api.GET('/api/pipelines/{pipeline_id}', { params: { path: { pipeline_id: pipelineId } } })
		);
		this.of = pipelineId;
		this.name = found.name;
		this.description = found.description;
		this.#variables = found.form.filter((one) => one.declared).map(declared);
		this.steps = found.steps.map((step) => StepDraft.of(step));
	}

	/** The pipeline's id, or null if it was refused; then `refused` says why. Throws nothing. */
	async save(key: string): Promise<{ pipelineId: string; warnings: string[] } | null> {
		this.refused = '';
		const body = {
			name: this.name,
			description: this.description,
			steps: this.steps.map((step, index) => step.body(index + 1)),
			variables: this.#variables
		};
		const header = { 'Idempotency-Key': key };
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

function declared({
	name,
	type,
	default: usual,
	minimum,
	maximum,
	choices,
	description
}: Schema['VariableView']): Schema['VariableBody'] {
	return { name, type, default: usual, minimum, maximum, choices, description };
}
