import type { components } from './schema.d.ts';

type ProblemBody = components['schemas']['Problem'];

/** A refusal of the hub, in its own words (RFC 9457). */
export class Problem extends Error {
	constructor(readonly body: ProblemBody) {
		const fields = body.errors?.map((field) => `${field.place}: ${field.message}`).join('; ');
		super(fields ? `${body.detail} (${fields})` : body.detail);
	}

	get status(): number {
		return this.body.status;
	}

	/** The last part of the problem's type, such as `vote-duplicate`. */
	get kind(): string {
		return this.body.type.split('/').at(-1) ?? '';
	}
}

/** The hub did not answer, or not in its own words. */
export class Unreachable extends Error {
	constructor(why: string) {
		super(`The hub does not answer (${why})`);
	}
}

/** Whether the same question may be answered later: the hub was not there, or had trouble of its own. */
export function mayPass(error: unknown): boolean {
	return !(error instanceof Problem) || error.status >= 500;
}

export function inWords(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
