import { expect, test } from 'vitest';
import { pngText } from './workflow.ts';

const latin = (text: string) => [...text].map((one) => one.charCodeAt(0));
const number = (value: number) => [24, 16, 8, 0].map((bits) => (value >> bits) & 255);
const chunk = (type: string, data: string) => [...number(data.length), ...latin(type + data), ...number(0)];

function png(...chunks: number[][]): ArrayBuffer {
	return new Uint8Array([...latin('\x89PNG\r\n\x1a\n'), ...chunks.flat()]).buffer;
}

test('a text is found by its keyword behind other chunks', () => {
	const file = png(chunk('IHDR', 'x'.repeat(13)), chunk('tEXt', 'workflow\0{}'), chunk('tEXt', 'prompt\0{"1": {}}'));
	expect(pngText(file, 'prompt')).toBe('{"1": {}}');
});

test('no such text, a file that ends too early, and no PNG at all hold none', () => {
	expect(pngText(png(chunk('IHDR', 'x'.repeat(13))), 'prompt')).toBeNull();
	expect(pngText(png(chunk('tEXt', 'prompt\0{}')).slice(0, 14), 'prompt')).toBeNull();
	expect(pngText(new Uint8Array(latin('RIFF....WEBP')).buffer, 'prompt')).toBeNull();
});
