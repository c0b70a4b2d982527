import type { Attachment } from 'svelte/attachments';

/** Lets the mouse pull what scrolls, wherever it is not over a button. Fingers do so by themselves. */
export const panned: Attachment<HTMLElement> = (frame) => {
	let pulling = false;

	function begin(event: PointerEvent): void {
		const onButton = event.target instanceof Element && event.target.closest('button');
		if (event.pointerType !== 'mouse' || event.button !== 0 || onButton) return;
		pulling = true;
		frame.setPointerCapture(event.pointerId);
	}

	function pull(event: PointerEvent): void {
		if (pulling) frame.scrollBy(-event.movementX, -event.movementY);
	}

	const end = () => (pulling = false);

	frame.addEventListener('pointerdown', begin);
	frame.addEventListener('pointermove', pull);
	frame.addEventListener('pointerup', end);
	frame.addEventListener('pointercancel', end);
	return () => {
		frame.removeEventListener('pointerdown', begin);
		frame.removeEventListener('pointermove', pull);
		frame.removeEventListener('pointerup', end);
		frame.removeEventListener('pointercancel', end);
	};
};
