import type { Schema } from '#lib/api/client.ts';
import { bytes, duration } from '#lib/ui/words.ts';

type Candidate = Schema['CandidateView'];

interface Difference {
	name: string;
	left: string;
	right: string;
}

/** Voting is blind: ratings and votes are left out. */
const SAID: [string, (one: Candidate) => string][] = [
	['Seed', (one) => one.seed],
	['Parent', (one) => one.parent_id?.slice(0, 8) ?? 'none'],
	['Size', (one) => `${one.width} × ${one.height}`],
	['File', (one) => bytes(one.size_bytes)],
	['Server', (one) => one.node],
	['Took', (one) => duration(one.gpu_seconds)]
];

/** What is not the same for two images of one column. */
export function differences(left: Candidate, right: Candidate): Difference[] {
	return SAID.map(([name, of]) => ({ name, left: of(left), right: of(right) })).filter((one) => one.left !== one.right);
}
