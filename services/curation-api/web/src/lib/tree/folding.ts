/** Folded branches are named by the beginnings of their images' ids: an address of whole ones would grow too long. */
const LETTERS = 8;

/** Branches that are folded, as the address says it. */
export type Folded = ReadonlySet<string>;

export function foldedOf(said: string | null): Folded {
	return new Set(said?.split('.').filter(Boolean));
}

export function isFolded(folded: Folded, candidateId: string): boolean {
	return folded.has(candidateId.slice(0, LETTERS));
}

/** What the address says once this branch is folded, or unfolded where it was. */
export function foldedAnew(folded: Folded, candidateId: string): string {
	const next = new Set(folded);
	const name = candidateId.slice(0, LETTERS);
	if (!next.delete(name)) next.add(name);
	return [...next].join('.');
}
