import { showRelease } from '../release/release-text.ts';
import type { StoredRecord } from './record.ts';

/** Logins whose records count. */
export type Trust = readonly string[];

/** What a workflow's own GITHUB_TOKEN writes as. */
export const WORKFLOWS_LOGIN = 'github-actions[bot]';
const WORKFLOWS_APP = 'github-actions';

/**
 * Why a record's writer is not trusted; undefined for one who is. Nobody can forge a login, and no person can have one with
 * `[bot]` in it. GitHub need not name the App of a bot; where it names one, the workflows' own has to be it.
 */
export function distrust({ creator, app }: StoredRecord, trust: Trust): string | undefined {
  if (!trust.some((login) => isSame(login, creator)))
    return `${showRelease(creator) || 'nobody'} wrote it, whom trusted-writers does not name`;
  const forged = isSame(creator, WORKFLOWS_LOGIN) && app !== '' && app !== WORKFLOWS_APP;
  return forged ? `${showRelease(creator)} did not write it from a workflow` : undefined;
}

/** To GitHub, small and capital letters are the same in a login. */
function isSame(login: string, other: string): boolean {
  return login.toLowerCase() === other.toLowerCase();
}
