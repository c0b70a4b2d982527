// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sawPosition, seen } from '#lib/api/seen.ts';
import { changes, type Progress } from './changes.svelte.ts';

/** The browser's line to the hub; what is said on it comes from the test. */
class Line extends EventTarget {
	static opened: Line[] = [];
	readonly CLOSED = 2;
	readyState = 0;
	onopen: (() => void) | undefined;
	onerror: (() => void) | undefined;

	constructor(readonly address: string) {
		super();
		Line.opened.push(this);
	}

	closed = false;

	close(): void {
		this.closed = true;
	}

	/** The hub answers with something else than a stream. */
	refuse(): void {
		this.readyState = this.CLOSED;
		this.onerror?.();
	}

	say(kind: string, data: unknown): void {
		this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
	}
}

const HALF: Progress = { run_id: 'r', job_id: 'j', percent: 50, step: null, steps: null, node: 'Draw' };

/** Another tab is in front, or this one again. */
function show(seen: boolean): void {
	vi.spyOn(document, 'hidden', 'get').mockReturnValue(!seen);
	document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
	Line.opened = [];
	vi.stubGlobal('EventSource', Line);
	changes.close();
});

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

test('notices reach whom they concern until they are no longer heard', () => {
	changes.open();
	const [line] = Line.opened;
	const progress: Progress[] = [];
	const fleet: string[] = [];
	const forget = changes.hear('progress', (told) => progress.push(told));
	changes.hear('fleet', (told) => fleet.push(told.state));
	line?.say('progress', HALF);
	line?.say('fleet', { gateway: 'g', node: 'n', state: 'gone' });
	forget();
	line?.say('progress', { ...HALF, percent: 60 });
	expect(progress).toEqual([HALF]);
	expect(fleet).toEqual(['gone']);
});

test('a refused connection begins anew, from now on, after pauses that grow up to a bound', () => {
	vi.useFakeTimers();
	const before = changes.renewed;
	changes.open();
	sawPosition(4711);
	const pauses = Array.from({ length: 7 }, () => {
		const asked = Line.opened.length;
		const start = Date.now();
		Line.opened.at(-1)?.refuse();
		while (Line.opened.length === asked) vi.advanceTimersByTime(500);
		return Date.now() - start;
	});
	expect(pauses).toEqual([1000, 2000, 5000, 15_000, 30_000, 30_000, 30_000]);
	expect(seen()).toBe(0);
	expect(changes.renewed).toBe(before);
	Line.opened.at(-1)?.onopen?.();
	expect(changes.renewed).toBe(before + 1);
});

test('nobody listens any more behind a page that closed while a connection rested', () => {
	vi.useFakeTimers();
	changes.open();
	Line.opened.at(-1)?.refuse();
	changes.close();
	vi.runAllTimers();
	expect(Line.opened).toHaveLength(1);
});

test('a page that nobody sees hangs up, and goes on where it was', () => {
	const before = changes.renewed + changes.returned;
	changes.open();
	Line.opened.at(-1)?.onopen?.();
	Line.opened.at(-1)?.say('change', { position: 40, type: 'VoteCast', run_id: 'r' });
	show(false);
	expect(Line.opened.map((line) => line.closed)).toEqual([true]);
	expect(changes.lost).toBe(false);
	show(true);
	expect(Line.opened.at(-1)?.address).toContain('&after=40');
	Line.opened.at(-1)?.onopen?.();
	expect(changes.renewed + changes.returned).toBe(before);
});

test('a page that was out of sight for long, or had heard nothing yet, is read anew', () => {
	vi.useFakeTimers();
	const before = changes.returned;
	changes.open();
	Line.opened.at(-1)?.onopen?.();
	show(false);
	show(true);
	Line.opened.at(-1)?.onopen?.();
	expect(changes.returned).toBe(before + 1);
	Line.opened.at(-1)?.say('change', { position: 40, type: 'VoteCast', run_id: 'r' });
	show(false);
	vi.advanceTimersByTime(3_600_000);
	show(true);
	expect(Line.opened.at(-1)?.address).not.toContain('after');
	Line.opened.at(-1)?.onopen?.();
	expect(changes.returned).toBe(before + 2);
});
