/** Numbers and times as people say them. */

const COUNTS = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const SHORT = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const MONEY = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const INSTANTS = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const MOMENTS = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export function count(number: number, one: string, many = `${one}s`): string {
	return `${COUNTS.format(number)} ${number === 1 ? one : many}`;
}

export function moment(iso: string): string {
	return MOMENTS.format(new Date(iso));
}

/** To the second, where many things happen in a minute. */
export function instant(iso: string): string {
	return INSTANTS.format(new Date(iso));
}

export function number(value: number): string {
	return COUNTS.format(value);
}

/** In the currency of the price that was given. */
export function money(value: number): string {
	return MONEY.format(value);
}

/** `0.784` is "78 %". */
export function percent(share: number): string {
	return `${Math.round(share * 100)} %`;
}

/** `0.42` is "0.4 s", `90` is "2 min", `5400` is "1.5 h". */
export function duration(seconds: number): string {
	if (seconds < 9.95) return `${SHORT.format(seconds)} s`;
	if (seconds < 60) return `${Math.round(seconds)} s`;
	if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
	return `${(seconds / 3600).toFixed(1)} h`;
}

export function bytes(number: number): string {
	return number < 1e6 ? `${Math.round(number / 1e3)} kB` : `${(number / 1e6).toFixed(1)} MB`;
}

export function gibibytes(number: number): string {
	return `${(number / 2 ** 30).toFixed(1)} GiB`;
}

/** `both_bad` is "both bad". */
export function plain(name: string): string {
	return name.replaceAll('_', ' ');
}

export function ordinal(place: number): string {
	const tens = place % 100;
	const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
	return `${place}${ending}`;
}
