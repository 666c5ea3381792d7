import type { Result } from '../result.ts';
import { fitSections, type Section } from './budget.ts';
import { headline } from './headline.ts';
import { alert, code, details, fence, text } from './markdown.ts';
import { nextStep } from './next-step.ts';
import { templateDiffs } from './template-diffs.ts';
import { timeline } from './timeline.ts';
import { wayBack } from './way-back.ts';
import { imagesTable, workloadsTable } from './workloads-table.ts';

const MOST_MESSAGES = 20;
const MOST_TROUBLED = 10;
const MOST_POD_LINES = 40;

/** The job's summary in GitHub Flavored Markdown: what happened, did it work, what may happen next. Below 900 KiB. */
export function formatSummary(result: Result): string {
  const planned = result.outcome === 'planned';
  const sections: readonly Section[] = [
    { name: 'the headline', markdown: `### ${headline(result, code)}` },
    { name: 'the cause', markdown: verdict(result) },
    { name: 'the table of workloads', markdown: workloadsTable(result.workloads) },
    { name: 'the other writers', markdown: owners(result) },
    { name: 'the image changes', markdown: planned ? imagesTable(result.workloads) : '' },
    { name: 'the template diff', markdown: planned ? templateDiffs(result.workloads) : '' },
    { name: 'the drift', markdown: notes('Ledger and cluster disagree', driftOf(result)) },
    { name: 'the warnings', markdown: notes('Warnings', warningsOf(result)) },
    { name: 'the timeline', markdown: timeline(result.workloads) },
    { name: 'the state of the pods', markdown: podStates(result) },
    { name: 'the way back', markdown: planned ? '' : wayBack(result) },
    { name: 'who ran it', markdown: origin(result) },
  ];
  return fitSections(sections);
}

/** Where it went wrong, the cause in a coloured box; else one sentence. */
function verdict(result: Result): string {
  switch (result.outcome) {
    case 'failed':
    case 'timed-out':
      return alert('CAUTION', `${cause(result)}\n\n${nextStep(result)}`);
    case 'superseded':
      return alert('WARNING', `${cause(result)}\n\n${nextStep(result)}`);
    default:
      return [explanation(result), nextStep(result)].filter(Boolean).join(' ');
  }
}

/** What the headline does not say already. */
function explanation({ outcome, reasonCode, message }: Result): string {
  return outcome === 'planned' || reasonCode === 'rolled-out' || message === '' ? '' : sentence(message);
}

function sentence(foreign: string): string {
  return `${text(foreign).replace(/\.$/, '')}.`;
}

/** What stopped the train: the message of each workload that ended as the run did, else the run's own. */
function cause(result: Result): string {
  const guilty = result.workloads.filter((workload) => workload.outcome === result.outcome && workload.message !== '');
  const messages = guilty.length > 0 ? guilty.map(({ message }) => message) : result.message.split('\n');
  return messages.length === 1 ? `**Cause:** ${text(messages[0] ?? '')}` : `**Cause:**\n\n${list(messages)}`;
}

function driftOf({ workloads }: Result): readonly string[] {
  return workloads.flatMap(({ workload, drift }) => drift.map((sentence) => `${workload}: ${sentence}`));
}

function warningsOf({ workloads }: Result): readonly string[] {
  return workloads.flatMap(({ workload, warnings }) => warnings.map((sentence) => `${workload}: ${sentence}`));
}

function notes(title: string, sentences: readonly string[]): string {
  return sentences.length === 0 ? '' : alert('WARNING', `**${title}:**\n\n${list(sentences)}`);
}

function list(sentences: readonly string[]): string {
  const left = sentences.length - MOST_MESSAGES;
  const items = sentences.slice(0, MOST_MESSAGES).map((sentence) => `- ${text(sentence)}`);
  return [...items, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

function podStates({ workloads }: Result): string {
  const troubled = workloads.filter((workload) => workload.podStates.length > 0);
  return troubled
    .slice(0, MOST_TROUBLED)
    .map(({ workload, podStates: lines }) => {
      return details(
        `Pods of ${workload} that are not ready (${lines.length})`,
        fence(lines, { most: MOST_POD_LINES }),
      );
    })
    .concat(troubled.length > MOST_TROUBLED ? `${troubled.length - MOST_TROUBLED} more workloads have such pods.` : [])
    .join('\n\n');
}

function owners({ workloads }: Result): string {
  const owned = workloads.filter((workload) => workload.owners.length > 0);
  const each = owned.map(({ workload, owners: names }) => `${code(workload)} by ${names.map(text).join(', ')}`);
  return each.length === 0 ? '' : `Also written to: ${each.join('; ')}.`;
}

function origin({ actor, trigger, reason, mode, modeReason }: Result): string {
  const by = [actor && `by ${code(actor)}`, trigger && `on ${code(trigger)}`].filter(Boolean).join(' ');
  const sentences = [
    mode && `Mode ${mode}${modeReason && `: ${text(modeReason)}`}`,
    by && `Started ${by}`,
    reason && `Reason given: ${text(reason)}`,
  ];
  return sentences
    .filter(Boolean)
    .map((each) => `${each}.`)
    .join(' ');
}
