import { answered, api, freshKey } from '#lib/api/client.ts';
import { inWords } from '#lib/api/problem.ts';
import { notices } from '#lib/actions/notices.svelte.ts';

/** Takes a server out of work after its current job, or back into it; undone from the strip. */
export async function setDrained(gateway: string, node: string, drained: boolean): Promise<void> {
	try {
		await send(gateway, node, drained);
		notices.tell(`${node} ${drained ? 'finishes its job and takes no other' : 'takes jobs again'}`, () =>
			send(gateway, node, !drained)
		);
	} catch (error) {
		notices.warn(`${node} is as it was: ${inWords(error)}`);
	}
}

async function send(gateway: string, node: string, drained: boolean): Promise<void> {
	const params = { path: { gateway, node }, header: { 'Idempotency-Key': freshKey() } };
	if (drained) await answered(api.POST('/api/fleet/{gateway}/{node}/drain', { params }));
	else await answered(api.POST('/api/fleet/{gateway}/{node}/undrain', { params }));
}
