/** One bar of a chart. `warned` stands on top of `value`. */
export interface Bar {
	name: string;
	value: number;
	warned?: number;
}

interface Place {
	x: number;
	width: number;
	top: number;
	height: number;
	/** Height of the part that stands on top. */
	warned: number;
}

const GAP = 0.25;
const NAMES_MAX = 8;

/** Where bars stand in a frame of `width` by `height`; its top is a round number at or above the tallest. */
export function scaled(bars: Bar[], frame: { width: number; height: number }) {
	const most = round(Math.max(1, ...bars.map((bar) => bar.value + (bar.warned ?? 0))));
	const slot = frame.width / Math.max(1, bars.length);
	return {
		most,
		place(index: number): Place {
			const bar = bars[index] ?? { name: '', value: 0 };
			const height = (bar.value / most) * frame.height;
			return {
				x: slot * (index + GAP / 2),
				width: slot * (1 - GAP),
				top: frame.height - height,
				height,
				warned: ((bar.warned ?? 0) / most) * frame.height
			};
		},
		summary(unit: string): string {
			const total = bars.reduce((sum, bar) => sum + bar.value, 0);
			const tallest = bars.reduce<Bar | undefined>((a, b) => (a && a.value >= b.value ? a : b), undefined);
			if (!total || !tallest) return `no ${unit}`;
			return `${plainNumber(total)} ${unit} in all, the most in ${tallest.name} with ${plainNumber(tallest.value)}`;
		}
	};
}

/** Which bars are named below, so that names do not touch. */
export function ticks(bars: number): ReadonlySet<number> {
	const every = Math.max(1, Math.ceil(bars / NAMES_MAX));
	return new Set(Array.from({ length: bars }, (_, index) => index).filter((index) => index % every === 0));
}

/** The next of 1, 2, 5, 10, 20, 50, ... */
function round(value: number): number {
	const power = 10 ** Math.floor(Math.log10(value));
	return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= value) ?? value;
}

function plainNumber(value: number): string {
	return new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(value);
}
