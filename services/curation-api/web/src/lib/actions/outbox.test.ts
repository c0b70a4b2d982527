// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import type { Letter } from './letter.ts';
import { LETTERS_MAX, Outbox } from './outbox.svelte.ts';

/** A hub that carries every key out once, loses answers when told to, and refuses some. */
class Hub {
	carriedOut: string[] = [];
	tries = 0;
	failing = 0;

	constructor(private readonly refuses: string[] = []) {}

	send(letter: Letter<string>): Promise<string> {
		this.tries += 1;
		if (this.refuses.includes(letter.body)) return Promise.reject(problem(409));
		if (!this.carriedOut.includes(letter.key)) this.carriedOut.push(letter.key);
		if (this.failing > 0) {
			this.failing -= 1;
			return Promise.reject(new TypeError('connection lost'));
		}
		return Promise.resolve(letter.body);
	}
}

function problem(status: number): Problem {
	return new Problem({
		type: '/problems/vote-duplicate',
		title: '',
		status,
		detail: 'no',
		instance: '',
		correlation_id: ''
	});
}

function outboxTo(hub: Hub) {
	const told: string[] = [];
	const outbox = new Outbox<string, string>('test', {
		send: (letter) => hub.send(letter),
		delivered: (letter) => told.push(letter.key),
		refused: (letter) => told.push(`refused ${letter.key}`)
	});
	return { outbox, told };
}

beforeEach(() => {
	localStorage.clear();
	vi.useFakeTimers();
	vi.stubGlobal('navigator', { locks: { request: (_: string, work: () => Promise<void>) => work() } });
});

describe('the outbox', () => {
	test('delivers in order', async () => {
		const { outbox, told } = outboxTo(new Hub());
		for (const key of ['a', 'b', 'c']) outbox.put({ key, body: key });
		await vi.runAllTimersAsync();
		expect(told).toEqual(['a', 'b', 'c']);
		expect(outbox.waiting).toEqual([]);
	});

	test('sends again under the same key when the answer is lost, and keeps the order', async () => {
		const hub = new Hub();
		hub.failing = 3;
		const { outbox, told } = outboxTo(hub);
		outbox.put({ key: 'a', body: 'a' });
		outbox.put({ key: 'b', body: 'b' });
		await vi.runAllTimersAsync();
		expect(hub.carriedOut).toEqual(['a', 'b']);
		expect(hub.tries).toBe(5);
		expect(told).toEqual(['a', 'b']);
		expect(outbox.stuck).toBe(false);
	});

	test('keeps what is not delivered over a reload', async () => {
		const hub = new Hub();
		hub.failing = Infinity;
		outboxTo(hub).outbox.put({ key: 'a', body: 'a' });
		await vi.advanceTimersByTimeAsync(10);
		hub.failing = 0;
		const { outbox, told } = outboxTo(hub);
		outbox.start();
		await vi.advanceTimersByTimeAsync(10);
		expect(told).toEqual(['a']);
	});

	test('leaves out what is refused and goes on', async () => {
		const { outbox, told } = outboxTo(new Hub(['bad']));
		outbox.put({ key: 'a', body: 'bad' });
		outbox.put({ key: 'b', body: 'good' });
		await vi.runAllTimersAsync();
		expect(told).toEqual(['refused a', 'b']);
	});

	test('of two tabs keeps what each of them was given', async () => {
		const hub = new Hub();
		hub.failing = Infinity;
		const [one, other] = [outboxTo(hub).outbox, outboxTo(hub).outbox];
		one.put({ key: 'a', body: 'a' });
		other.put({ key: 'b', body: 'b' });
		await vi.advanceTimersByTimeAsync(10);
		expect(outboxTo(hub).outbox.waiting.map((letter) => letter.key)).toEqual(['a', 'b']);
	});

	test('takes no more than it has room for, and goes on when there is room again', async () => {
		const hub = new Hub();
		hub.failing = Infinity;
		const { outbox } = outboxTo(hub);
		for (let number = 0; number < LETTERS_MAX; number++) outbox.put({ key: `${number}`, body: '' });
		expect(outbox.put({ key: 'more', body: '' })).toBe(false);
		expect(outbox.withdraw('7')).toBe(true);
		expect(outbox.put({ key: 'more', body: '' })).toBe(true);
	});

	test('says when the browser keeps nothing', () => {
		const hub = new Hub();
		hub.failing = Infinity;
		const { outbox } = outboxTo(hub);
		vi.spyOn(Storage.prototype, 'setItem').mockImplementationOnce(() => {
			throw new DOMException('no room', 'QuotaExceededError');
		});
		expect(outbox.put({ key: 'a', body: 'a' })).toBe(true);
		expect(outbox.safe).toBe(false);
	});

	test('gives back what was not sent yet, and nothing else', async () => {
		const hub = new Hub();
		hub.failing = Infinity;
		const { outbox } = outboxTo(hub);
		outbox.put({ key: 'a', body: 'a' });
		outbox.put({ key: 'b', body: 'b' });
		await vi.advanceTimersByTimeAsync(10);
		expect(outbox.withdraw('a')).toBe(false);
		expect(outbox.withdraw('b')).toBe(true);
		expect(outbox.waiting.map((one) => one.key)).toEqual(['a']);
	});
});
