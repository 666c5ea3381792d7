import type { Check } from '../ports.ts';

/**
 * Takes failures for inconclusive as long as the check has failed from its first look on: it sees the past as well, in
 * which another release served, or none. That goes for the first look, too, which may be made once the release is there.
 */
export function doubtInherited(check: Check): Check {
  let inherited = true;
  return {
    ...check,
    async look(signal) {
      const answer = await check.look(signal);
      if (answer.state === 'error') return answer;
      inherited &&= answer.state === 'fail';
      const message = `${answer.message} from the first look on, perhaps since before this release`;
      return inherited ? { state: 'inconclusive', message } : answer;
    },
  };
}
