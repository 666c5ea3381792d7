import { plainLine } from './plain-text.ts';
import { redact } from './redact.ts';

const LONGEST_REASON = 500;

/**
 * A reason for a record, which everybody reads who reads the repository: one line of at most 500 characters without what
 * looks like a credential.
 */
export function publicReason(reason: string): string {
  // Cut last, so that no credential is cut in half and then looks like none.
  return plainLine(redact(plainLine(reason)), LONGEST_REASON);
}
