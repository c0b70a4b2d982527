import { goto } from '$app/navigation';

/** Changes what the address says after `?`, in place: the view follows the address. Null takes a part out. */
export function setQuery(parts: Record<string, string | null>): void {
	const address = new URL(location.href);
	for (const [name, value] of Object.entries(parts)) {
		if (value === null || value === '') address.searchParams.delete(name);
		else address.searchParams.set(name, value);
	}
	void goto(address, { replace: true, reset: false });
}
