import type { Result } from '../result.ts';
import { otherColour } from '../rollout/blue-green.ts';
import { podsOf } from '../rollout/blue-green-patch.ts';
import type { BlueGreenReport, ColourReport } from '../rollout/blue-green-report.ts';
import type { Prepared } from './blue-green-prepare.ts';
import type { BlueGreenRequest } from './blue-green-request.ts';
import type { Retirement } from './retire-colour.ts';
import type { Survey } from './survey.ts';

/** How both colours stand, as far as the run that ends knows. */
export function blueGreenReport(
  { service, pair }: BlueGreenRequest,
  { surveys, live, way, train }: Prepared,
  {
    switched,
    result,
    retirement,
  }: {
    readonly switched: BlueGreenReport['switched'];
    readonly result: Result;
    readonly retirement: Retirement | undefined;
  },
): BlueGreenReport {
  const [before, other] = [surveys[live], surveys[otherColour(live)]];
  const [now, idle] = switched === 'yes' ? [other, before] : [before, other];
  const pods = retirement?.pods;
  const [workload] = result.workloads;
  // What came onto the other colour stays there unless it was taken away again.
  const wasTaken = workload?.rollback?.state === 'done' || workload?.rollback?.state === 'unhealed';
  const put = way.kind === 'switch' && workload?.changed && !wasTaken ? other : undefined;
  const toldOf = (survey: Survey): ColourReport => {
    const was = report(survey);
    return survey === put && way.kind === 'switch'
      ? { ...was, before: was.label, release: train.release, label: train.release, pods: way.replicas }
      : was;
  };
  return {
    service: service.name,
    ...{ blue: pair.blue.name, green: pair.green.name },
    live: toldOf(now),
    idle: { ...toldOf(idle), ...(pods !== undefined && { pods }) },
    switched,
    remark: retirement?.message ?? '',
  };
}

function report({ state }: Survey): ColourReport {
  const { live, workload, deployment } = state;
  return { workload, release: live.release, label: live.label, pods: podsOf(deployment) };
}
