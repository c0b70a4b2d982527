import { answered, api, type Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { wantedVariables } from './wanted.ts';

export type Candidate = Schema['CandidateView'];

/** What a gallery shows, as the address says it. */
export interface GalleryFilter {
	run: string | null;
	step: number | null;
	status: Schema['GalleryState'] | null;
	text: string | null;
	ratingMin: number | null;
	/** As it is written: `style=noir, steps=20`. */
	variables: string | null;
	/** Days, in the reader's time zone: from the first one's beginning to the last one's end. */
	from: string | null;
	to: string | null;
	sort: Schema['GallerySort'];
}

const PER_PAGE = 120;
/** Images that are selected as "all that match" at the most. */
export const ALL_MAX = 5000;

/** Images that match a filter, read page by page as they are scrolled to. */
export class Gallery {
	items = $state.raw<Candidate[]>([]);
	more = $state(true);
	trouble = $state('');
	/** Images that came since the gallery was opened; they are shown when asked for. */
	arrived = $state(0);

	#next: string | null | undefined;
	#reading: Promise<void> | undefined;

	constructor(readonly filter: GalleryFilter) {}

	/** The next page; while it is on its way, that one. */
	readMore(): Promise<void> {
		this.#reading ??= this.#readOn().finally(() => (this.#reading = undefined));
		return this.#reading;
	}

	async #readOn(): Promise<void> {
		if (!this.more) return;
		try {
			const page = await this.#page();
			this.items = [...this.items, ...page.items];
			this.#next = page.next;
			this.more = page.next != null;
			this.trouble = '';
		} catch (error) {
			this.trouble = inWords(error);
			this.more = false;
		}
	}

	/** Goes on where it failed; what is shown stays in its place. */
	async retry(candidateIds: string[]): Promise<void> {
		this.trouble = '';
		this.more = this.#next !== null;
		await this.readMore();
		await this.refresh(candidateIds).catch((error: unknown) => (this.trouble = inWords(error)));
	}

	/** Reads on until this image is there, if it is not beyond what one may select at once. */
	async readUpTo(candidateId: string): Promise<void> {
		const isThere = () => this.items.some((one) => one.candidate_id === candidateId);
		while (this.more && !isThere() && this.items.length < ALL_MAX) await this.readMore();
	}

	/** Reads on until everything that matches is there, or as much as one may select at once. */
	async readAll(): Promise<void> {
		while (this.more && this.items.length < ALL_MAX) await this.readMore();
	}

	/** Puts the newest facts of images that are shown in their place; nothing moves. */
	async refresh(candidateIds: string[]): Promise<void> {
		const facts = await Promise.all(
			candidateIds.map((id) =>
				answered(api.GET('/api/candidates/{candidate_id}', { params: { path: { candidate_id: id } } }))
			)
		);
		const found = new Map(facts.map((one) => [one.candidate_id, one]));
		this.items = this.items.map((one) => found.get(one.candidate_id) ?? one);
	}

	/** What was just decided is seen at once. */
	judged(candidateIds: string[], state: 'live' | 'rejected'): void {
		const ids = new Set(candidateIds);
		this.items = this.items.map((one) => (ids.has(one.candidate_id) ? { ...one, state, live: state === 'live' } : one));
	}

	async #page(): Promise<Schema['Page_CandidateView_']> {
		const { run, step, status, text, ratingMin, from, to, sort } = this.filter;
		const variables = wantedVariables(this.filter.variables ?? '');
		if (variables === undefined) throw new Error('variables are written as style=noir, steps=20');
		const query = {
			sort,
			limit: PER_PAGE,
			...(run && { run_id: run }),
			...(step !== null && { step }),
			...(status && { status }),
			...(text && { text }),
			...(ratingMin !== null && { rating_min: ratingMin }),
			...(variables && { variables: JSON.stringify(variables) }),
			...(from && { created_from: new Date(`${from}T00:00:00`).toISOString() }),
			...(to && { created_before: nextDay(to) }),
			...(this.#next && { cursor: this.#next })
		};
		return answered(api.GET('/api/candidates', { params: { query } }));
	}
}

function nextDay(day: string): string {
	const next = new Date(`${day}T00:00:00`);
	next.setDate(next.getDate() + 1);
	return next.toISOString();
}

/** Where the images of a filter are exported; null for filters that an export does not know. */
export function exportOf(filter: GalleryFilter): string | null {
	if (filter.text || filter.variables || filter.ratingMin !== null || filter.from || filter.to) return null;
	const query = new URLSearchParams();
	if (filter.run) query.set('run_id', filter.run);
	if (filter.step !== null) query.set('step', filter.step.toString());
	if (filter.status) query.set('status', filter.status);
	return `/api/exports/images?${query}`;
}

export function filterOf(query: URLSearchParams): GalleryFilter {
	const number = (name: string) => (query.get(name) ? Number(query.get(name)) : null);
	return {
		run: query.get('run'),
		step: number('step'),
		status: query.get('status') as GalleryFilter['status'],
		text: query.get('text'),
		ratingMin: number('rating'),
		variables: query.get('variables'),
		from: query.get('from'),
		to: query.get('to'),
		sort: query.get('sort') === 'rating' ? 'rating' : 'created'
	};
}

const PARTS = ['run', 'step', 'status', 'text', 'rating', 'variables', 'from', 'to', 'sort'];

/** The part of an address that says what a gallery shows; the same text for the same gallery. */
export function askedOf(query: URLSearchParams): string {
	return new URLSearchParams(
		PARTS.flatMap((name) => (query.has(name) ? [[name, query.get(name) ?? '']] : []))
	).toString();
}
