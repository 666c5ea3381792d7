import { plainLine } from '../foreign/plain-text.ts';
import type { Expectation } from '../inputs/checks.ts';
import type { CheckAnswer } from '../ports.ts';

/** Judges an answer over HTTP by its code and its body. */
export function expectAnswer({ statuses, contains }: Expectation, status: number, text: string): CheckAnswer {
  const accepted = statuses.length > 0 ? statuses.includes(status) : status >= 200 && status < 400;
  const wanted = statuses.length > 0 ? statuses.join(', ') : '200 to 399';
  if (!accepted) return { state: 'fail', message: `answers ${status}, not ${wanted}${quoted(text)}` };
  if (contains !== '' && !text.includes(contains))
    return { state: 'fail', message: `answers ${status} without the text "${contains}"${quoted(text)}` };
  return { state: 'pass', message: `answers ${status}` };
}

const LONGEST_QUOTE = 200;

function quoted(text: string): string {
  const start = plainLine(text, LONGEST_QUOTE);
  return start === '' ? '' : `: ${start}`;
}
