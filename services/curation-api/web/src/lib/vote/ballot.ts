import { answered, api } from '#lib/api/client.ts';
import { guestVotes, memberVotes, type VotesToSend } from './sending.ts';

/** One side of a pair: what is shown before a vote, which is nothing that could sway it. */
export interface PairedImage {
	candidate_id: string;
	/** Where its picture is. */
	image: string;
	/** A small one; absent for guests. */
	thumbnail?: string;
	width: number;
	height: number;
	parent_id?: string | null;
}

export interface Pair {
	step_name: string;
	step_order?: number;
	left: PairedImage;
	right: PairedImage;
	open_pairs?: number | null;
}

/** Tells pairs apart: `left:right`. */
export function nameOf(pair: Pair): string {
	return `${pair.left.candidate_id}:${pair.right.candidate_id}`;
}

/** Where a voter's pairs come from and where the votes go: of a member by a run, of a guest by a link. */
export interface Ballot {
	/** Absent for guests, whose link names the run. */
	runId?: string;
	votes: VotesToSend;
	/** The next pair but for those known (`left:right`); null when there is none. */
	next(known: string[]): Promise<Pair | null>;
	retract(voteId: string, key: string): Promise<void>;
	/** Absent for guests, who are not told what followed. */
	isLastStep?(order: number): boolean;
}

export function memberBallot(runId: string, isLastStep: (order: number) => boolean): Ballot {
	return {
		runId,
		votes: memberVotes,
		isLastStep,
		async next(known) {
			const params = { path: { run_id: runId }, query: { skip: known } };
			return (await answered(api.GET('/api/runs/{run_id}/next-pair', { params }))).pair ?? null;
		},
		async retract(voteId, key) {
			const params = { path: { vote_id: voteId }, header: { 'Idempotency-Key': key } };
			await answered(api.DELETE('/api/votes/{vote_id}', { params }));
		}
	};
}

export function guestBallot(): Ballot {
	return {
		votes: guestVotes,
		async next(known) {
			return (await answered(api.GET('/api/guest/pair', { params: { query: { skip: known } } }))).pair ?? null;
		},
		async retract(voteId, key) {
			const params = { path: { vote_id: voteId }, header: { 'Idempotency-Key': key } };
			await answered(api.DELETE('/api/guest/votes/{vote_id}', { params }));
		}
	};
}
