import type { Cause } from '../verdict/cause.ts';
import type { ContainerLog, Evidence } from '../verdict/evidence.ts';
import { plainLine } from './plain-text.ts';

const LONGEST = 160;

/** What stands below an error: frames of its stack, closing brackets, and how the runtime says good-bye. */
const NOISE = [
  /^\s/,
  /^[\s)\]}>,;^~-]*$/,
  /^at \S/,
  /^Node\.js v\d/,
  /^goroutine \d+ \[/,
  /^[\w./*()]+\(.*\)$/,
  /^created by /,
  /^(?:npm (?:ERR!|error)|error Command failed|exit status \d)/,
  /^note: run with /,
];

/**
 * The last line that the failing container wrote and that tells something, in one line without ANSI sequences: of the
 * life that has ended, else of the present one. Where no container is to blame, of the pods that are, whatever others
 * wrote. Empty where none wrote anything.
 */
export function lastWords({ logs }: Pick<Evidence, 'logs'>, cause: Cause | undefined): string {
  const { pods = [], container = '' } = cause ?? {};
  const rank = (log: ContainerLog) =>
    [container !== '' && log.container !== container, !pods.includes(log.pod), !log.previous].map(Number).join('');
  const isTold = (log: ContainerLog) =>
    container === '' ? pods.length === 0 || pods.includes(log.pod) : log.container === container;
  const ranked = logs.filter(isTold).toSorted((one, other) => rank(one).localeCompare(rank(other)));
  return ranked.map(({ lines }) => lastLine(lines)).find((line) => line !== '') ?? '';
}

function lastLine(lines: readonly string[]): string {
  const filled = lines.filter((line) => plainLine(line) !== '');
  const telling = filled.findLast((line) => !NOISE.some((pattern) => pattern.test(line)));
  return plainLine(messageOf(telling ?? filled.at(-1) ?? ''), LONGEST);
}

/** Of a log in JSON, the message alone. */
function messageOf(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg, message, error } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return ([msg, message, error].find((each) => typeof each === 'string' && each !== '') as string) ?? line;
  } catch {
    return line;
  }
}
