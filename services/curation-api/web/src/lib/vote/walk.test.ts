import { beforeEach, expect, test, vi } from 'vitest';

const [BASE, CHILD] = ['b'.repeat(32), 'c'.repeat(32)];
const crumb = (candidate_id: string) => ({ candidate_id, step_name: '', live: true, rejected: false });

/** A hub where the base image is the only one of its step. */
function answerTo(path: string): unknown {
	if (path.endsWith('/branch')) return { live: 3, dead: 0, open_jobs: 2, steps: [] };
	const walk = { walk_id: 'w', path: [crumb(BASE), crumb(CHILD)], killed: [CHILD], branch: null, pair: null };
	const end = path.endsWith('/answers') ? 'no_parent' : 'no_partner';
	return { id: 'w', result: { ...walk, parent_id: null, preview: null, answers: [], end } };
}

const sent: unknown[] = [];

beforeEach(() => {
	sent.length = 0;
	vi.resetModules();
	vi.stubGlobal('location', { href: 'http://hub/' });
	vi.stubGlobal(
		'Request',
		class extends Request {
			constructor(path: string, init: RequestInit) {
				super(new URL(path, 'http://hub'), init);
			}
		}
	);
	vi.stubGlobal('fetch', async (request: Request) => {
		if (request.url.endsWith('/answers')) sent.push(await request.json());
		return Response.json(answerTo(request.url));
	});
});

test('a parent that is alone in its step is asked about all the same', { timeout: 30_000 }, async () => {
	const { WalkLeft } = await import('./walk.svelte.ts');
	const walk = new WalkLeft(
		() => undefined,
		() => undefined
	);
	await walk.kill(CHILD);
	expect(walk.parent).toEqual({ candidateId: BASE, partnerId: null, preview: answerTo('/branch') });
	await walk.answer('parent_too');
	expect(sent).toEqual([{ parent_id: BASE, answer: 'parent_too' }]);
	expect(walk.underWay).toBe(false);
});
