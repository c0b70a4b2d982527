import type { Bar } from '#lib/charts/bars.ts';
import type { Schema } from '#lib/api/client.ts';

type Hour = Schema['HourFigures'];

export const PERIODS = [
	{ hours: 24, name: '24 hours' },
	{ hours: 7 * 24, name: '7 days' },
	{ hours: 31 * 24, name: '31 days' }
] as const;

/** From so many hours on, charts count by day. */
const BY_DAY_FROM = 72;
const HOURS = new Intl.DateTimeFormat('en', { hour: '2-digit', hourCycle: 'h23' });
const DAYS = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

/** "hour" or "day": what one bar of a chart over these hours stands for. */
export function grain(hours: Hour[]): 'hour' | 'day' {
	return hours.length < BY_DAY_FROM ? 'hour' : 'day';
}

export function imageBars(hours: Hour[]): Bar[] {
	return bars(hours, (hour) => ({ value: hour.images, warned: hour.failed }));
}

export function gpuMinuteBars(hours: Hour[]): Bar[] {
	return bars(hours, (hour) => ({ value: hour.gpu_seconds / 60 })).map((bar) => ({
		...bar,
		value: Math.round(bar.value * 10) / 10
	}));
}

export function voteBars(hours: Hour[]): Bar[] {
	return bars(hours, (hour) => ({ value: hour.votes }));
}

/** A bar an hour or a day, in the reader's own time zone. */
function bars(hours: Hour[], of: (hour: Hour) => { value: number; warned?: number }): Bar[] {
	const words = grain(hours) === 'hour' ? HOURS : DAYS;
	const found: Bar[] = [];
	for (const hour of hours) {
		const name = words.format(new Date(hour.hour));
		const { value, warned = 0 } = of(hour);
		const last = found.at(-1);
		if (last?.name === name) Object.assign(last, { value: last.value + value, warned: (last.warned ?? 0) + warned });
		else found.push({ name, value, warned });
	}
	return found;
}
