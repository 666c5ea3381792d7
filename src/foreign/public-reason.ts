import { plainLine } from './plain-text.ts';
import { redact } from './redact.ts';

/** A reason for a record, which everybody reads who reads the repository: one line without what looks like a credential. */
export function publicReason(reason: string): string {
  return redact(plainLine(reason));
}
