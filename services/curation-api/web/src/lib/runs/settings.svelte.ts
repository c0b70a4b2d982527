import type { Schema } from '#lib/api/client.ts';

type Settings = Pick<Schema['RunBody'], 'n' | 't' | 'profile' | 'policy' | 'raffle' | 'rating' | 'ceilings'>;

const SECONDS_PER_MINUTE = 60;

/** How it is decided what a run makes, while it is written. What is left empty is not said. */
export class RunSettings {
	n = $state<number | null>(null);
	t = $state<number | null>(null);
	profile = $state<Schema['Profile'] | ''>('');
	policy = $state<Schema['RunPolicy'] | ''>('');
	weights = $state<Schema['RaffleWeights'] | ''>('');
	temperature = $state<number | null>(null);
	system = $state('');
	images = $state<number | null>(null);
	gpuMinutes = $state<number | null>(null);
	/** As a field of day and time has it, in the reader's time zone. */
	deadline = $state('');

	/** Those that a run has. */
	static of(run: Schema['RunView']): RunSettings {
		const settings = new RunSettings();
		const { images, gpu_seconds, deadline } = run.ceilings;
		[settings.n, settings.t] = [run.n, run.t];
		[settings.policy, settings.system] = [run.policy ?? '', run.rating?.system ?? ''];
		[settings.weights, settings.temperature] = [run.raffle.weights ?? '', run.raffle.temperature ?? null];
		settings.images = images ?? null;
		settings.gpuMinutes = gpu_seconds == null ? null : gpu_seconds / SECONDS_PER_MINUTE;
		settings.deadline = deadline == null ? '' : asField(new Date(deadline));
		return settings;
	}

	/** What makes a run be as this says; ceilings that are left empty fall. */
	change(): Schema['RunPatch'] {
		const { profile: _, ...said } = this.body();
		return { ...said, ceilings: this.#ceilings(), follows_promoted: this.system === '' };
	}

	body(): Partial<Settings> {
		const { n, t, profile, policy, weights, temperature, system } = this;
		const ceilings = this.#ceilings();
		return {
			...(n !== null && { n }),
			...(t !== null && { t }),
			...(profile && { profile }),
			...(policy && { policy }),
			...(weights && { raffle: { weights, temperature: temperature ?? TEMPERATURE } }),
			...(system && { rating: { system, settings: {} } }),
			...(Object.keys(ceilings).length > 0 && { ceilings })
		};
	}

	#ceilings(): Schema['CeilingsBody'] {
		const { images, gpuMinutes, deadline } = this;
		return {
			...(images !== null && { images }),
			...(gpuMinutes !== null && { gpu_seconds: gpuMinutes * SECONDS_PER_MINUTE }),
			...(deadline && { deadline: new Date(deadline).toISOString() })
		};
	}
}

/** Rating points for which tickets grow e-fold, as the hub has it by itself. */
export const TEMPERATURE = 100;

function asField(moment: Date): string {
	const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
	return local.toISOString().slice(0, 16);
}
