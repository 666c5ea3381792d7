import type { DecidedMode, Direction, ModeDecision, VersionChange } from './mode.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import { showRelease } from './release-text.ts';
import type { FoundTarget, RollbackTarget } from './rollback-target.ts';

interface Answer {
  readonly kind: string;
}

/** What was worked out for one workload of the train, under the name it is shown by. */
export interface Finding<T extends Answer> {
  readonly workload: string;
  readonly found: T;
}

/**
 * One mode for all workloads, since steps such as migrations run once for the train. Workloads on which the release is
 * live already follow the others. A deploy beside a rollback is refused: the release's steps must run for the one and
 * must not for the other, and only a person knows which is right. One refusal refuses the train.
 */
export function trainMode(findings: readonly Finding<ModeDecision>[]): ModeDecision {
  const decided = findings.filter(isGranted<DecidedMode>);
  if (decided.length < findings.length) {
    return refuseTrain(findings);
  }
  const leading = leadingAmong(decided);
  const [mode = 'redeploy', ...others] = new Set(leading.map(({ found }) => found.mode));
  if (others.length > 0) {
    const modes = leading.map(({ workload, found }) => `${workload}: ${found.mode}`).join(', ');
    return refuse(
      'mode-refused',
      `the workloads differ in mode (${modes}); set mode to deploy or rollback, or run them apart`,
    );
  }
  return {
    kind: 'decided',
    mode,
    direction: commonDirection(leading),
    versionChange: greatestChange(leading),
    firstDeployment: decided.every(({ found }) => found.firstDeployment),
    alreadyLive: decided.every(({ found }) => found.alreadyLive),
    reason: leading[0]?.found.reason ?? '',
  };
}

/** The one release that a nameless rollback returns all workloads to; refused, with an advice, where they would part. */
export function trainTarget(findings: readonly Finding<RollbackTarget>[], advice = 'name the release'): RollbackTarget {
  const targets = findings.filter(isGranted<FoundTarget>);
  const [first] = targets;
  if (targets.length < findings.length || first === undefined) {
    return refuseTrain(findings);
  }
  if (targets.every(({ found }) => found.release === first.found.release)) {
    return first.found;
  }
  const list = targets.map(({ workload, found }) => `${workload}: ${showRelease(found.release)}`).join(', ');
  return refuse('mode-refused', `the workloads would return to different releases (${list}); ${advice}`);
}

function isGranted<T extends Answer>(finding: Finding<T | Refusal>): finding is Finding<T> {
  return !isRefusal(finding.found);
}

function refuseTrain(findings: readonly Finding<Answer>[]): Refusal {
  const refusals = findings.flatMap(({ workload, found }) =>
    isRefusal(found) ? [refuse(found.reasonCode, `${workload}: ${found.message}`)] : [],
  );
  return refuse(refusals[0]?.reasonCode ?? 'mode-refused', refusals.map(({ message }) => message).join('; '));
}

function leadingAmong(decided: readonly Finding<DecidedMode>[]): readonly Finding<DecidedMode>[] {
  const ranks = [
    decided.filter(({ found }) => !found.alreadyLive),
    decided.filter(({ found }) => found.mode !== 'redeploy'),
  ];
  return ranks.find((rank) => rank.length > 0) ?? decided;
}

function commonDirection(findings: readonly Finding<DecidedMode>[]): Direction {
  const directions = new Set(findings.map(({ found }) => found.direction).filter((direction) => direction !== 'none'));
  const [direction = 'none'] = directions;
  return directions.size > 1 ? 'unknown' : direction;
}

const LEAST_TO_MOST: readonly VersionChange[] = [
  'identical',
  'unknown',
  'metadata',
  'prerelease',
  'revision',
  'build',
  'minor',
  'major',
];

function greatestChange(findings: readonly Finding<DecidedMode>[]): VersionChange {
  const changes = findings.map(({ found }) => found.versionChange);
  return LEAST_TO_MOST.findLast((change) => changes.includes(change)) ?? 'identical';
}
