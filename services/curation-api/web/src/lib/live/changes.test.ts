import { beforeEach, expect, test, vi } from 'vitest';
import { changes, type Progress } from './changes.svelte.ts';

/** The browser's line to the hub; what is said on it comes from the test. */
class Line extends EventTarget {
	static opened: Line[] = [];

	constructor(readonly address: string) {
		super();
		Line.opened.push(this);
	}

	close(): void {}

	say(kind: string, data: unknown): void {
		this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
	}
}

const HALF: Progress = { run_id: 'r', job_id: 'j', percent: 50, step: null, steps: null, node: 'Draw' };

beforeEach(() => {
	Line.opened = [];
	vi.stubGlobal('EventSource', Line);
	changes.close();
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
