/** Cells are never narrower or wider than this for their height, whatever their pictures are. */
const NARROWEST = 9 / 16;
const WIDEST = 16 / 9;

/** Width over height that suits most of these pictures: the middle one of them. */
export function shapeOf(pictures: readonly { width: number; height: number }[]): number {
	const shapes = pictures.map(({ width, height }) => width / Math.max(1, height)).toSorted((a, b) => a - b);
	const middle = shapes[Math.floor(shapes.length / 2)] ?? 1;
	return Math.min(WIDEST, Math.max(NARROWEST, middle));
}
