import { redactResult } from '../foreign/redact-result.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { guiltyFirst, hasTurnedBack } from './blame.ts';
import { blueGreenSection } from './blue-green.ts';
import { fitSections, type Section } from './budget.ts';
import { canarySteps, holding, isHeld, plannedCanaries } from './canary.ts';
import { checksTable } from './checks-table.ts';
import { evidenceDetails } from './evidence.ts';
import { blockSection, gateWarnings, missingBlocks, stopSection } from './gate-section.ts';
import { headline } from './headline.ts';
import { alert, code, details, fence, list, sentence, text } from './markdown.ts';
import { nextStep } from './next-step.ts';
import { MARKDOWN } from './show.ts';
import { templateDiffs } from './template-diffs.ts';
import { timeline } from './timeline.ts';
import { verdictBox } from './verdict-box.ts';
import { wayBack } from './way-back.ts';
import { imagesTable, workloadsTable } from './workloads-table.ts';

const MOST_TROUBLED = 10;
const MOST_POD_LINES = 40;

/** The job's summary in GitHub Flavored Markdown: what happened, did it work, what may happen next. Below 900 KiB. */
export function formatSummary(uncleaned: Result): string {
  const result = redactResult(uncleaned);
  const planned = result.outcome === 'planned';
  const workloads = guiltyFirst(result.workloads);
  const sections: readonly Section[] = [
    { name: 'the headline', markdown: `### ${headline(result, MARKDOWN)}` },
    { name: 'the cause', markdown: verdict(result) },
    { name: 'what is not blocked', markdown: missingBlocks(result) },
    { name: 'the table of workloads', markdown: workloadsTable(workloads, result) },
    { name: 'the Service and its colours', markdown: blueGreenSection(result) },
    { name: 'the other writers', markdown: owners(result) },
    { name: 'the image changes', markdown: planned ? imagesTable(workloads) : '' },
    { name: 'the template diff', markdown: planned ? templateDiffs(workloads) : '' },
    { name: 'the drift', markdown: notes('WARNING', 'Ledger and cluster disagree', driftOf(result)) },
    { name: 'the warnings', markdown: notes('WARNING', 'Warnings', warningsOf(result)) },
    { name: 'the warnings of the gate', markdown: gateWarnings(result) },
    { name: 'the timeline', markdown: timeline(workloads) },
    { name: 'the checks', markdown: checksTable(result.checks) },
    ...evidence(workloads),
    { name: 'what is missing from the evidence', markdown: notes('NOTE', 'Not captured', gapsOf(result)) },
    { name: 'the state of the pods', markdown: podStates(workloads) },
    { name: 'what is blocked', markdown: blockSection(result) },
    { name: 'how to go on with the canary', markdown: planned ? '' : canarySteps(result) },
    { name: 'the way back', markdown: planned || holding(workloads).length > 0 ? '' : wayBack(result) },
    { name: 'who ran it', markdown: origin(result) },
  ];
  return fitSections(sections);
}

/** Where it went wrong, a coloured box; else one sentence. */
function verdict(result: Result): string {
  switch (result.outcome) {
    case 'rolled-back':
    case 'rollback-failed':
    case 'failed':
    case 'timed-out':
      return verdictBox(result, 'CAUTION');
    case 'blocked':
      return [stopSection(result), nextStep(result)].join('\n\n');
    case 'paused':
      return isHeld(result) ? nextStep(result) : verdictBox(result, 'WARNING');
    case 'cancelled':
    case 'superseded':
      return verdictBox(result, 'WARNING');
    default:
      return [explanation(result), nextStep(result)].filter(Boolean).join(' ');
  }
}

/** What the headline does not say already. */
function explanation({ outcome, reasonCode, message, workloads }: Result): string {
  if (outcome === 'planned') return plannedCanaries(workloads);
  return reasonCode === 'rolled-out' || outcome === 'aborted' || message === '' ? '' : sentence(text(message));
}

/** It takes the most room and is the first to go. */
function evidence(workloads: readonly WorkloadResult[]): readonly Section[] {
  const captured = workloads.filter((workload) => workload.evidence !== undefined);
  return captured.slice(0, MOST_TROUBLED).map((workload) => ({
    name: `the evidence of ${code(workload.workload)}`,
    markdown: evidenceDetails(workload),
    expendable: true,
  }));
}

function driftOf({ workloads }: Result): readonly string[] {
  return workloads.flatMap(({ workload, drift }) => drift.map((sentence) => `${workload}: ${sentence}`));
}

function warningsOf({ workloads }: Result): readonly string[] {
  return workloads.flatMap(({ workload, warnings }) => warnings.map((sentence) => `${workload}: ${sentence}`));
}

function gapsOf({ workloads }: Result): readonly string[] {
  return [...new Set(workloads.flatMap(({ evidence }) => evidence?.gaps ?? []))];
}

function notes(kind: 'WARNING' | 'NOTE', title: string, sentences: readonly string[]): string {
  return sentences.length === 0 ? '' : alert(kind, `**${title}:**\n\n${list(sentences.map(text))}`);
}

function podStates(workloads: readonly WorkloadResult[]): string {
  const troubled = workloads.filter((workload) => workload.podStates.length > 0);
  return troubled
    .slice(0, MOST_TROUBLED)
    .map((each) => {
      const { workload, podStates: lines } = each;
      return details(
        `Pods of ${workload} that ${hasTurnedBack(each) ? 'were' : 'are'} not ready (${lines.length})`,
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
  return sentences.filter(Boolean).map(sentence).join(' ');
}
