import { meant, type Value } from '#lib/runs/values.ts';

const PART = /\s*([A-Za-z0-9_]{1,64})\s*=\s*("(?:[^"\\]|\\.)*"|[^,]*?)\s*(?:,|$)/y;

/**
 * The variables that are asked for as `style=noir, steps=20`; what reads as a number is one, in quotes it is text. Null
 * for nothing, undefined for what cannot be read so.
 */
export function wantedVariables(text: string): Record<string, Value> | null | undefined {
	if (text.trim() === '') return null;
	const found: Record<string, Value> = {};
	for (PART.lastIndex = 0; PART.lastIndex < text.length;) {
		const part = PART.exec(text);
		const [, name, value] = part ?? [];
		if (!name || !value) return undefined;
		found[name] = value.startsWith('"') ? unquoted(value) : valueOf(value);
	}
	return found;
}

function valueOf(text: string): Value {
	return text === 'true' || text === 'false' ? text === 'true' : meant(text);
}

function unquoted(text: string): string {
	return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}
