import { answered, api, type Schema } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';

export type Candidate = Schema['CandidateView'];

/** What a gallery shows, as the address says it. */
export interface GalleryFilter {
	run: string | null;
	step: number | null;
	status: Schema['GalleryState'] | null;
	text: string | null;
	ratingMin: number | null;
	sort: Schema['GallerySort'];
}

const PER_PAGE = 120;

/** Images that match a filter, read page by page as they are scrolled to. */
export class Gallery {
	items = $state.raw<Candidate[]>([]);
	more = $state(true);
	trouble = $state('');
	/** Images that came since the gallery was opened; they are shown when asked for. */
	arrived = $state(0);

	#next: string | null | undefined;
	#reading = false;

	constructor(readonly filter: GalleryFilter) {}

	async readMore(): Promise<void> {
		if (this.#reading || !this.more) return;
		this.#reading = true;
		try {
			const page = await this.#page();
			this.items = [...this.items, ...page.items];
			this.#next = page.next;
			this.more = page.next != null;
			this.trouble = '';
		} catch (error) {
			this.trouble = inWords(error);
			this.more = false;
		} finally {
			this.#reading = false;
		}
	}

	/** Puts the newest facts of images that are shown in their place; nothing moves. */
	async refresh(candidateIds: ReadonlySet<string>): Promise<void> {
		const found = new Map<string, Candidate>();
		for (const id of candidateIds) {
			const one = await answered(api.GET('/api/candidates/{candidate_id}', { params: { path: { candidate_id: id } } }));
			found.set(id, one);
		}
		this.items = this.items.map((one) => found.get(one.candidate_id) ?? one);
	}

	async #page(): Promise<Schema['Page_CandidateView_']> {
		const { run, step, status, text, ratingMin, sort } = this.filter;
		const query = {
			sort,
			limit: PER_PAGE,
			...(run && { run_id: run }),
			...(step !== null && { step }),
			...(status && { status }),
			...(text && { text }),
			...(ratingMin !== null && { rating_min: ratingMin }),
			...(this.#next && { cursor: this.#next })
		};
		return answered(api.GET('/api/candidates', { params: { query } }));
	}
}

export function filterOf(query: URLSearchParams): GalleryFilter {
	const number = (name: string) => (query.get(name) ? Number(query.get(name)) : null);
	return {
		run: query.get('run'),
		step: number('step'),
		status: query.get('status') as GalleryFilter['status'],
		text: query.get('text'),
		ratingMin: number('rating'),
		sort: query.get('sort') === 'rating' ? 'rating' : 'created'
	};
}
