import type { WorkloadRef } from '../ports.ts';
import { isHeldBack } from '../release/canary.ts';
import { findEntry, type LedgerEntry, verdictOf } from '../release/ledger.ts';
import { nameOf, recordOf } from '../release/resolve.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import type { HistoryRow } from '../report/history-row.ts';
import type { Revision } from '../rollout/history.ts';
import { imagesOf } from '../rollout/template.ts';
import { type SurveyPorts, survey } from './survey.ts';

/** The releases of each workload, newest first. Read only. Throws ClusterError. */
export async function history(ports: SurveyPorts, refs: readonly WorkloadRef[]): Promise<readonly HistoryRow[]> {
  const surveys = await Promise.all(refs.map((ref) => survey(ports, ref)));
  return surveys.flatMap(({ state }) => rowsOf(state));
}

/** A row for each recorded release, and one for each revision that no record explains. */
function rowsOf(state: WorkloadState): readonly HistoryRow[] {
  const recorded = state.ledger.entries.map((entry) => recordedRow(state, entry));
  const explained = new Set(state.ledger.entries.map(({ template }) => template));
  const others = state.revisions.filter(({ digest }) => !explained.has(digest));
  const rows = [...recorded, ...others.map((revision) => foreignRow(state, revision))];
  const sorted = rows.sort(
    (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || Number(b.revision) - Number(a.revision),
  );
  return sorted.some(({ live }) => live) ? sorted : [newestRow(state), ...sorted];
}

function recordedRow(state: WorkloadState, entry: LedgerEntry): HistoryRow {
  const record = recordOf(entry.release, state.revisions, state.ledger);
  const revision = state.revisions.find(({ digest }) => digest === record?.template);
  const snapshot = record && state.ledger.templates[record.template] ? 'ledger-snapshot' : '';
  return {
    workload: state.workload,
    release: entry.release,
    revision: revision ? String(revision.number) : '',
    images: (record ?? entry).images,
    createdAt: entry.firstAttemptedAt,
    verdict: verdictOf(entry),
    ...standingOf(state, entry.release, revision),
    lastGood: entry.release === state.lastGood,
    restorable: revision ? 'replica-set' : snapshot,
    note: [pauseOf(state, entry.release), reasonOf(entry)].filter((text) => text !== '').join('; '),
  };
}

/** While a canary is held, the template is the canary's, and everybody else is served by what it stands beside. */
function standingOf(
  { canary, live }: WorkloadState,
  release: string,
  revision: Revision | undefined,
): Pick<HistoryRow, 'live' | 'canary' | 'pods'> {
  const held = canary && isHeldBack(canary) ? canary : undefined;
  return {
    live: release === (held ? held.from : live.release),
    canary: release === held?.release,
    pods: revision?.replicaSet.status?.readyReplicas ?? 0,
  };
}

function pauseOf({ canary, deployment, live }: WorkloadState, release: string): string {
  return deployment.spec.paused && !canary && release === live.release ? 'paused half way' : '';
}

/** Who rolled back said why the other release was left, and not what is wrong with this one. */
function reasonOf({ mode, reason = '' }: LedgerEntry): string {
  return mode === 'rollback' && reason !== '' ? `came back: ${reason}` : reason;
}

/** What was set so lately that no ReplicaSet carries it yet. */
function newestRow({ workload, live }: WorkloadState): HistoryRow {
  return {
    workload,
    release: live.release,
    revision: '',
    images: imagesOf(live.template),
    createdAt: '',
    verdict: '',
    ...{ live: true, canary: false, pods: 0 },
    lastGood: false,
    restorable: '',
    note: live.drift.join('; '),
  };
}

function foreignRow(state: WorkloadState, revision: Revision): HistoryRow {
  const claimed = nameOf(revision);
  const impostor = claimed !== '' && findEntry(state.ledger, claimed) !== undefined;
  return {
    workload: state.workload,
    release: impostor ? '' : claimed,
    revision: String(revision.number),
    images: revision.images,
    createdAt: revision.createdAt,
    verdict: '',
    ...{ live: revision.live, canary: false, pods: revision.replicaSet.status?.readyReplicas ?? 0 },
    lastGood: state.live.release !== '' && revision.live && state.live.release === state.lastGood,
    restorable: impostor || claimed === '' ? '' : 'replica-set',
    note: impostor ? `labelled ${claimed}, but not the bits recorded for it` : '',
  };
}
