/** Something that is looked at now, and now and then again; undefined while it is not known. */
export function nowAndThen<T>(read: () => Promise<T>, milliseconds: number): { readonly value: T | undefined } {
	let value = $state.raw<T | undefined>();

	async function look(): Promise<void> {
		value = await read().catch(() => undefined);
	}

	$effect(() => {
		void look();
		const timer = setInterval(() => void look(), milliseconds);
		return () => clearInterval(timer);
	});
	return {
		get value() {
			return value;
		}
	};
}
