/** The newest log position this page knows of. Reads ask for at least that much, so nobody misses their own writes. */
let position = 0;

export function seen(): number {
	return position;
}

export function sawPosition(newer: number): void {
	position = Math.max(position, newer);
}

/** The log may not be the one that had it. */
export function forgetPosition(): void {
	position = 0;
}
