import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { accident } from './accident.ts';
import { autoscaled } from './autoscaled.ts';
import { badReleaseStories } from './bad-releases.ts';
import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { canaryChangedMind } from './canary-changed-mind.ts';
import { canaryCutOff } from './canary-cut-off.ts';
import { canaryGate } from './canary-gate.ts';
import { canaryHold } from './canary-hold.ts';
import { canaryOthers } from './canary-others.ts';
import { canaryRefused } from './canary-refused.ts';
import { canaryTrain } from './canary-train.ts';
import { checks } from './checks.ts';
import { endings } from './endings.ts';
import { failureActions } from './failure-actions.ts';
import { foreignObjects } from './foreign-objects.ts';
import { forwardAndBack } from './forward-and-back.ts';
import { gate } from './gate.ts';
import { gateAway } from './gate-away.ts';
import { gateClosed } from './gate-closed.ts';
import { gateInterrupted } from './gate-interrupted.ts';
import { gateNames } from './gate-names.ts';
import { healthyReleaseStories } from './healthy-releases.ts';
import { historyLimit } from './history-limit.ts';
import { identicalTemplates } from './identical-templates.ts';
import { interrupted } from './interrupted.ts';
import { kinds } from './kinds.ts';
import { kindsCanary } from './kinds-canary.ts';
import { kindsHeldUp } from './kinds-held-up.ts';
import { kindsRefused } from './kinds-refused.ts';
import { kindsRights } from './kinds-rights.ts';
import { kindsTrain } from './kinds-train.ts';
import { kubeconfigFile } from './kubeconfig-file.ts';
import { lastGood } from './last-good.ts';
import { neighbours } from './neighbours.ts';
import { paused } from './paused-deployment.ts';
import { planAndHistory } from './plan-and-history.ts';
import { preflight } from './preflight.ts';
import { quotaArithmetic } from './quota-arithmetic.ts';
import { restarts } from './restart.ts';
import { secondWriter } from './second-writer.ts';
import type { Story } from './story.ts';
import { train } from './train.ts';
import { updateLimits } from './update-limits.ts';

/** Forward and back, whatever happens. */
const releases: readonly Story[] = [
  ...forwardAndBack,
  ...accident,
  ...identicalTemplates,
  ...historyLimit,
  ...foreignObjects,
  ...paused,
  ...preflight,
  ...secondWriter,
  ...endings,
  ...interrupted,
  ...planAndHistory,
  ...kubeconfigFile,
  ...train,
  ...badReleaseStories,
  ...healthyReleaseStories,
  ...lastGood,
  ...failureActions,
  ...checks,
  ...gate,
  ...gateAway,
  ...gateClosed,
  ...gateInterrupted,
  ...gateNames,
];

/** Step by step, at another pace, behind a Service, and of other kinds. */
const progressive: readonly Story[] = [
  ...blueGreen,
  ...canary,
  ...canaryOthers,
  ...canaryChangedMind,
  ...canaryCutOff,
  ...canaryRefused,
  ...canaryTrain,
  ...canaryGate,
  ...canaryHold,
  ...autoscaled,
  ...updateLimits,
  ...restarts,
  ...kinds,
  ...kindsHeldUp,
  ...kindsCanary,
  ...kindsTrain,
  ...kindsRights,
  ...kindsRefused,
  ...neighbours,
  ...quotaArithmetic,
];

const groups = { releases, progressive } as const;

/** The stories that this kind of cluster can tell, all or those of one group. */
export function storiesFor({ kind, machinery }: TestCluster, group?: keyof typeof groups): readonly Story[] {
  return (group ? groups[group] : Object.values(groups).flat()).filter(({ only, needsMachinery = false }) => {
    return (only === undefined || only === kind) && (!needsMachinery || machinery !== undefined);
  });
}
