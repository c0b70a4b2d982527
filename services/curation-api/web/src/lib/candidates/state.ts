import type { Schema } from '#lib/api/client.ts';
import { plain } from '#lib/ui/words.ts';

/** The state of an image as people say it: what the log calls a rejection is a kill. */
export function stateInWords(state: Schema['CandidateState'] | Schema['GalleryState']): string {
	return state === 'rejected' ? 'killed' : state;
}

/** Why it was killed, where that says more than that it was. */
export function reasonInWords(reason: string | null | undefined): string {
	return reason && reason !== 'killed' ? plain(reason) : '';
}
