import { lastWords } from '../foreign/last-words.ts';
import type { AutomaticRollback, Result, WorkloadResult } from '../result.ts';
import { causeOf, guilty, guiltyFirst, whyFailed } from './blame.ts';
import { formatSeconds } from './duration.ts';
import { alert, code, list, text } from './markdown.ts';
import { availability, nextStep } from './next-step.ts';

const MOST_PODS = 3;

/** Where it went wrong, in a coloured box: the cause, what was done about it, and what may happen next. */
export function verdictBox(result: Result, kind: 'CAUTION' | 'WARNING'): string {
  const paragraphs = [
    ...labelled('Cause', causes(result)),
    ...suspicions(result),
    ...rollbacks(result),
    ...labelled(
      'Not rolled back',
      returns(result, (state) => state === 'impossible'),
    ),
    nextStep(result),
  ];
  return alert(kind, paragraphs.join('\n\n'));
}

/** Of each workload where it went wrong, else the run's own message. */
function causes(result: Result): readonly string[] {
  const check = result.reasonCode.startsWith('check-') ? whyFailed(result) : '';
  if (check !== '') return [text(check)];
  const blamed = guilty(result.workloads);
  // Who cancelled it knows, and the headline says so.
  if (result.outcome === 'cancelled' && result.changed) return blamed.filter(({ cause }) => cause).map(causeIn);
  return blamed.length > 0 ? blamed.map(causeIn) : result.message.split('\n').map(text);
}

function causeIn(workload: WorkloadResult): string {
  const { cause, message, rollback } = workload;
  if (!cause) return text(rollback ? message.replace(`; ${rollback.message}`, '') : message);
  return `${code(workload.workload)}: ${text(causeOf(workload))}${podsOf(cause.pods)}${said(workload)}`;
}

function podsOf(pods: readonly string[]): string {
  const rest = pods.length - MOST_PODS;
  const named = pods.slice(0, MOST_PODS).map(code).join(', ');
  return named && ` – in ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What the container said last, where that is not the cause itself. */
function said(workload: WorkloadResult): string {
  const { cause, evidence } = workload;
  const words = evidence ? lastWords(evidence, cause) : '';
  return words === '' || causeOf(workload).includes(words) ? '' : `. Its log ends with: ${code(words)}`;
}

function suspicions(result: Result): readonly string[] {
  const nodes = new Set(guilty(result.workloads).flatMap(({ cause }) => cause?.suspectNode || []));
  return [...nodes].map(
    (node) =>
      `**Suspect:** all pods that fail are on node ${code(node)}, while the release is ready on others. Look at the node first.`,
  );
}

/** How it was left; a release that no Service was switched to had nothing to be left. */
function rollbacks(result: Result): readonly string[] {
  const unserved =
    result.blueGreen?.switched === 'no' ? result.workloads.flatMap(({ rollback }) => rollback ?? []) : [];
  if (unserved.length > 0)
    return labelled(
      'Nobody was served by it',
      unserved.map(({ message }) => `${text(message)}.`),
    );
  return labelled(
    'Rollback',
    returns(result, (state) => state !== 'impossible'),
  );
}

/** How each workload was taken back, or why it was not; those that fared alike together. */
function returns({ workloads }: Result, fits: (state: AutomaticRollback['state']) => boolean): readonly string[] {
  const alike = Map.groupBy(
    guiltyFirst(workloads).filter(({ rollback }) => rollback && fits(rollback.state)),
    ({ rollback }) => (rollback?.state === 'done' ? `done ${rollback.to}` : `${rollback?.state} ${rollback?.message}`),
  );
  return [...alike.values()].map((group) => {
    const names = workloads.length > 1 ? `${group.map(({ workload }) => code(workload)).join(', ')}: ` : '';
    return `${names}${howReturned(group)}.`;
  });
}

function howReturned(alike: readonly WorkloadResult[]): string {
  const { to = '', state = '', message = '' } = alike[0]?.rollback ?? {};
  const seconds = Math.max(...alike.map(({ rollback }) => rollback?.seconds ?? 0));
  if (state === 'done') return `to ${code(to)}, done in ${formatSeconds(seconds)}; ${availability(alike)}`;
  return text(message.replace(/^(?:the rollback |not rolled back: )/, ''));
}

function labelled(label: string, sentences: readonly string[]): readonly string[] {
  const [first] = sentences;
  if (first === undefined) return [];
  return [sentences.length === 1 ? `**${label}:** ${first}` : `**${label}:**\n\n${list(sentences)}`];
}
