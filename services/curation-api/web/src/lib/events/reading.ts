import { answered, api, type Schema } from '#lib/api/client.ts';
import type { operations } from '#lib/api/schema.d.ts';

export type EventType = NonNullable<NonNullable<operations['list_run_events']['parameters']['query']>['type']>[number];

export interface EventFilter {
	runId: string;
	/** Events that name this image only. */
	candidateId: string | null;
	/** All types if empty. */
	types: EventType[];
	text: string | null;
}

/** What people look for in a log. */
export const KINDS: { name: string; types: EventType[] }[] = [
	{ name: 'Images', types: ['ImageProduced', 'ImagesDiscarded', 'TreeAdopted'] },
	{ name: 'Votes', types: ['VoteCast', 'VoteRetracted', 'GuestVotesMerged', 'GuestVotesSeparated'] },
	{ name: 'Kills', types: ['CandidateRejected', 'CandidateRestored'] },
	{ name: 'Jobs', types: ['JobRequested', 'JobSubmitted', 'JobCancelled'] },
	{ name: 'Failures', types: ['AttemptFailed', 'JobFailed', 'StepPaused'] },
	{
		name: 'The run itself',
		types: [
			'RunStarted',
			'RunChanged',
			'RunPaused',
			'RunResumed',
			'RunCompleted',
			'StepApproved',
			'StepResumed',
			'WinnerChosen',
			'WinnerCleared'
		]
	}
];

const PER_PAGE = 200;

/** The next page of a run's log behind a position, or of what it says of one image. */
export async function readEvents(wanted: EventFilter, after: number): Promise<Schema['Page_EventView_']> {
	const query = {
		limit: PER_PAGE,
		after,
		...(wanted.types.length && { type: wanted.types }),
		...(wanted.text && { text: wanted.text })
	};
	if (wanted.candidateId === null)
		return answered(api.GET('/api/runs/{run_id}/events', { params: { path: { run_id: wanted.runId }, query } }));
	const path = { candidate_id: wanted.candidateId };
	return answered(api.GET('/api/candidates/{candidate_id}/events', { params: { path, query } }));
}

/** The image an event is about; null if it is about none. */
export function imageOf(event: Schema['EventView']): string | null {
	const id = event.event?.['candidate_id'];
	return typeof id === 'string' ? id : null;
}
