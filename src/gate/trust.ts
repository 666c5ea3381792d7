import { showRelease } from '../release/release-text.ts';
import type { StoredRecord } from './record.ts';

/** Logins whose records count. */
export type Trust = readonly string[];

/** What a workflow's own GITHUB_TOKEN writes as. */
export const WORKFLOWS = 'github-actions[bot]';
const WORKFLOWS_APP = 'github-actions';

/** Why a record's writer is not trusted; undefined for one who is. A login can be forged by nobody, but its token can be a person's: the workflows' own comes by their App. */
export function distrust({ creator, app }: StoredRecord, trust: Trust): string | undefined {
  if (!trust.includes(creator))
    return `${showRelease(creator) || 'nobody'} wrote it, whom trusted-writers does not name`;
  const forged = creator === WORKFLOWS && app !== WORKFLOWS_APP;
  return forged ? `${creator} did not write it from a workflow` : undefined;
}
