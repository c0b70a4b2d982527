const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** What was typed into fields, as the values it means: what reads as a plain number is one. */
export function valuesOf(fields: Record<string, string>): Record<string, string | number> {
	return Object.fromEntries(
		Object.entries(fields).map(([name, text]) => [name, NUMBER.test(text) ? Number(text) : text])
	);
}
