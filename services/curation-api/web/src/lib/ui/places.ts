import { preloadCode } from '$app/navigation';
import type { RouteId } from '$app/types';

export const PLACES = [
	{ path: '/', name: 'Runs' },
	{ path: '/gallery', name: 'Gallery' },
	{ path: '/winners', name: 'Winners' },
	{ path: '/analytics', name: 'Analytics' },
	{ path: '/pipelines', name: 'Pipelines' },
	{ path: '/fleet', name: 'Fleet' }
] as const;

/** Pages that people come to from those places. */
const BELOW: RouteId[] = [
	'/runs/[run]',
	'/runs/[run]/vote',
	'/runs/[run]/gates',
	'/candidates/[candidate]',
	'/compare'
];

/** Loads the code of what is likely to be opened next: it opens at once, and also while the hub does not answer. */
export async function loadAhead(): Promise<void> {
	await Promise.allSettled([...PLACES.map((place) => place.path), ...BELOW].map((path) => preloadCode(path)));
}
