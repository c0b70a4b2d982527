import createClient, { type Middleware } from 'openapi-fetch';
import { Problem, Unreachable } from './problem.ts';
import { sawPosition, seen } from './seen.ts';
import type { components, paths } from './schema.d.ts';

export type Schema = components['schemas'];

const atLeastWhatWasSeen: Middleware = {
	onRequest({ request }) {
		if (request.method === 'GET' && seen() > 0) request.headers.set('At-Least', String(seen()));
		return request;
	}
};

/** The hub's API, typed by its own OpenAPI document. */
export const api = createClient<paths>({ baseUrl: '' });
api.use(atLeastWhatWasSeen);

interface Answered<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

/** What a call answered. Throws Problem for a refusal, Unreachable if there was no answer. */
export async function answered<T>(call: Promise<Answered<T>>): Promise<T> {
	let answer: Answered<T>;
	try {
		answer = await call;
	} catch (error) {
		throw new Unreachable(error instanceof Error ? error.message : String(error));
	}
	if (!answer.response.ok) throw refusal(answer.error, answer.response);
	const data = answer.data as T;
	rememberPosition(data);
	return data;
}

function refusal(body: unknown, response: Response): Error {
	if (typeof body === 'object' && body !== null && 'detail' in body) return new Problem(body as Schema['Problem']);
	return new Unreachable(`${response.status} ${response.statusText}`);
}

/** Answers to writes carry where they stand in the log. */
function rememberPosition(data: unknown): void {
	if (typeof data !== 'object' || data === null || !('projected' in data)) return;
	if ('position' in data && typeof data.position === 'number') sawPosition(data.position);
}

/**
 * The key of one command: sent again with the same key it is carried out once. Made by what browsers have on pages over
 * plain http as well.
 */
export function freshKey(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
