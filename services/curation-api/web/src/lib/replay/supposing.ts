import { answered, api, type Schema } from '#lib/api/client.ts';

type Supposed = Schema['WhatIfBody'];

/** The settings that the address supposes; null where it supposes none. */
export function supposed(query: URLSearchParams): Supposed | null {
	const number = (name: string) => (query.get(name) ? Number(query.get(name)) : null);
	const [n, t, system] = [number('n'), number('t'), query.get('system')];
	if (n === null && t === null && !system) return null;
	return { ...(n !== null && { n }), ...(t !== null && { t }), ...(system && { rating: { system } }) };
}

export async function askWhatIf(runId: string, body: Supposed): Promise<Schema['WhatIf']> {
	return answered(api.POST('/api/runs/{run_id}/what-if', { params: { path: { run_id: runId } }, body }));
}
