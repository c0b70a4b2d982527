/** Addresses differ in steps of this many pixels, so that a browser finds what it already has. */
const STEP = 64;

/** The address of a candidate's thumbnail that is sharp at `width` CSS pixels. */
export function thumbnail(candidateId: string, width: number): string {
	const wanted = width * (globalThis.devicePixelRatio || 1);
	return `/api/candidates/${candidateId}/thumbnail?width=${Math.ceil(wanted / STEP) * STEP}`;
}

export function original(candidateId: string): string {
	return `/api/candidates/${candidateId}/image`;
}

/** Loads a picture and decodes it, so that showing it takes no time. Never throws: the page shows what is missing. */
export async function decoded(address: string): Promise<void> {
	const picture = new Image();
	picture.src = address;
	await picture.decode().catch(() => undefined);
}
