import { untrack } from 'svelte';
import { inWords, mayPass, Problem } from '#lib/api/problem.ts';
import { changes, type Change } from './changes.svelte.ts';

/** A hub that did not answer is asked again after so long. */
const AGAIN_MILLISECONDS = 3000;

/** Something read from the hub that is read again when the log says that it changed. */
export interface Fresh<T> {
	readonly value: T | undefined;
	/** Why the value is not as new as it could be; empty while it is. */
	readonly trouble: string;
	/** Whether there is no such thing. */
	readonly absent: boolean;
	reload(): Promise<void>;
}

/**
 * Reads at once, and again whenever `concerns` says so of a change; never twice at the same time. What `read` looks at
 * before its first `await` is followed: when it changes, the value is read anew; so it is when changes were missed, and
 * now and then while the hub does not answer.
 */
export function fresh<T>(read: () => Promise<T>, concerns: (change: Change) => boolean): Fresh<T> {
	let value = $state.raw<T | undefined>();
	let trouble = $state('');
	let absent = $state(false);
	let passing = $state(false);
	let generation = 0;
	let running = false;
	let again = false;

	async function take(reading: Promise<T>, mine: number): Promise<void> {
		try {
			const found = await reading;
			if (mine !== generation) return;
			value = found;
			[trouble, passing, absent] = ['', false, false];
		} catch (error) {
			if (mine !== generation) return;
			[trouble, passing] = [inWords(error), mayPass(error)];
			absent = error instanceof Problem && error.status === 404;
		}
	}

	async function reload(): Promise<void> {
		if (running) {
			again = true;
			return;
		}
		running = true;
		do {
			again = false;
			await take(read(), generation);
		} while (again);
		running = false;
	}

	$effect(() => {
		void changes.renewed;
		void changes.returned;
		const reading = read();
		untrack(() => {
			generation += 1;
			void take(reading, generation);
		});
		return () => (generation += 1);
	});
	$effect(() => {
		if (!passing) return;
		const timer = setInterval(() => void reload(), AGAIN_MILLISECONDS);
		return () => clearInterval(timer);
	});
	$effect(() =>
		changes.listen((happened) => {
			if (happened.some(concerns)) void reload();
		})
	);

	return {
		get value() {
			return value;
		},
		get trouble() {
			return trouble;
		},
		get absent() {
			return absent;
		},
		reload
	};
}
