import { original } from '#lib/api/pictures.ts';
import { Unreachable } from '#lib/api/problem.ts';

const PNG = 0x89504e47;
const HEAD = 8;
/** Length and type before the data of a chunk, its checksum behind. */
const AROUND = 12;

/** The workflow as ComfyUI was sent it, which it writes into each PNG it saves; null for a picture that holds none. */
export async function workflowOf(candidateId: string): Promise<unknown> {
	const answer = await fetch(original(candidateId));
	if (!answer.ok) throw new Unreachable(`${answer.status} ${answer.statusText}`);
	const text = pngText(await answer.arrayBuffer(), 'prompt');
	return text === null ? null : (JSON.parse(text) as unknown);
}

/** What a PNG's tEXt chunk of this keyword says (PNG specification, 11.3.3.2); null where there is none. */
export function pngText(file: ArrayBuffer, keyword: string): string | null {
	const view = new DataView(file);
	if (file.byteLength < HEAD || view.getUint32(0) !== PNG) return null;
	const latin = (from: number, to: number) => new TextDecoder('latin1').decode(file.slice(from, to));
	for (let at = HEAD; at + AROUND <= file.byteLength;) {
		const begins = at + 8;
		const ends = begins + view.getUint32(at);
		if (latin(at + 4, begins) === 'tEXt') {
			const [name, ...text] = latin(begins, ends).split('\0');
			if (name === keyword) return text.join('\0');
		}
		at = ends + 4;
	}
	return null;
}
