import { answered, api, type Schema } from '#lib/api/client.ts';
import { Problem, inWords } from '#lib/api/problem.ts';

type Me = Schema['MeView'];
type Role = Schema['Role'];

const RANKS: Record<Role, number> = { viewer: 0, voter: 1, curator: 2, operator: 3 };

/** Who uses this page. */
class Session {
	me = $state.raw<Me | undefined>();
	signedOut = $state(false);
	trouble = $state('');

	async load(): Promise<void> {
		try {
			this.me = await answered(api.GET('/api/me'));
			this.signedOut = false;
			this.trouble = '';
		} catch (error) {
			this.signedOut = error instanceof Problem && error.status === 401;
			this.trouble = this.signedOut ? '' : inWords(error);
		}
	}

	may(role: Role): boolean {
		return this.me !== undefined && RANKS[this.me.role] >= RANKS[role];
	}
}

export const session = new Session();
