/** A variable's value while a run is written; null and undefined leave it to its default. */
export type Value = string | number | boolean | null;

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** What was typed for a variable of no declared type: what reads as a plain number is one. */
export function meant(text: string): Value {
	if (text === '') return null;
	return NUMBER.test(text) ? Number(text) : text;
}

/** Those variables that have a value. */
export function given(values: Record<string, Value | undefined>): Record<string, string | number | boolean> {
	const found = Object.entries(values).filter((one): one is [string, string | number | boolean] => one[1] != null);
	return Object.fromEntries(found);
}
