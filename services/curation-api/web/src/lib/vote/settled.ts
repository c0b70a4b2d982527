/** What is known of one image of a column: its rating, and how many votes made it. */
export interface Standing {
	rating: number;
	votes: number;
}

/** How far apart images of one column are before anybody has voted, in rating points. */
const SPREAD = 200;
/** What one vote between equals tells of a rating (Fisher information of the logistic model on the scale of 400). */
const PER_VOTE = (Math.LN10 / 400) ** 2 / 4;
const GRID = 160;
const REACH = 4;

/**
 * How likely the `top` best by rating are the best in truth, 0 to 1; null where nobody is left to compare them with.
 *
 * Every image's true rating is taken as normal around its rating, the narrower the more votes it has had, independent of
 * the others'. Then the chance is that the lowest of the best lies above the highest of the rest: the integral of
 * P(rest < x) over the distribution of the lowest.
 */
export function settled(standings: Standing[], top: number): number | null {
	const ranked = standings.toSorted((one, other) => other.rating - one.rating).map(belief);
	const [best, rest] = [ranked.slice(0, top), ranked.slice(top)];
	if (best.length < top || rest.length === 0) return null;
	const low = Math.min(...best.map((one) => one.mean - REACH * one.deviation));
	const high = Math.max(...best.map((one) => one.mean + REACH * one.deviation));
	const step = (high - low) / GRID;
	const allAbove = (x: number) => best.reduce((chance, one) => chance * (1 - below(one, x)), 1);
	const restBelow = (x: number) => rest.reduce((chance, one) => chance * below(one, x), 1);
	let chance = 0;
	for (let index = 0; index < GRID; index++) {
		const x = low + index * step;
		chance += restBelow(x + step / 2) * (allAbove(x) - allAbove(x + step));
	}
	return Math.min(1, Math.max(0, chance));
}

interface Belief {
	mean: number;
	deviation: number;
}

function belief({ rating, votes }: Standing): Belief {
	return { mean: rating, deviation: 1 / Math.sqrt(1 / SPREAD ** 2 + votes * PER_VOTE) };
}

function below({ mean, deviation }: Belief, x: number): number {
	return normal((x - mean) / deviation);
}

/** The distribution function of the standard normal (Abramowitz and Stegun 26.2.17, to 7.5e-8). */
function normal(z: number): number {
	const t = 1 / (1 + 0.2316419 * Math.abs(z));
	const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
	const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
	return z > 0 ? 1 - tail : tail;
}
