import type { Check } from '../ports.ts';

/**
 * Takes failures for inconclusive as long as the check has failed from its first look on: it sees the past as well, in
 * which another release served. The first look itself, which compares with nothing, is left as it is.
 */
export function doubtInherited(check: Check): Check {
  let [looked, inherited] = [false, true];
  return {
    ...check,
    async look(signal) {
      const answer = await check.look(signal);
      if (answer.state === 'error') return answer;
      inherited &&= answer.state === 'fail';
      const doubted = inherited && looked;
      looked = true;
      return doubted ? { state: 'inconclusive', message: `${answer.message}, as before this release` } : answer;
    },
  };
}
