import { setTimeout as pause } from 'node:timers/promises';
import type { Pod } from '../../cluster/model/workload-objects.ts';
import type { BadRelease } from '../../desk/bad-releases.ts';
import { type Desk, openDesk } from '../../desk/desk.ts';
import { eventually } from '../../desk/eventually.ts';
import { webImage } from '../../desk/test-cluster.ts';
import type { WebWorkload } from '../../desk/web-workload.ts';
import type { Contender } from './contender.ts';
import { courseOf } from './course.ts';
import type { Laboratory } from './laboratory.ts';
import { record } from './recording.ts';

/** What one tool did about one bad release. Seconds count from its start; undefined where it never came to that. */
export interface Measurement {
  /** Until it said that the release is bad. */
  readonly verdict: number | undefined;
  /** Until the API showed what to judge by, where that was asked for. */
  readonly signal: number | undefined;
  /** Until the Deployment asked for 1.0 again. */
  readonly back: number | undefined;
  /** Until 1.0 served everything again. */
  readonly restored: number | undefined;
  readonly ended: number;
  /** Whether the Deployment ever asked for 1.1. */
  readonly touched: boolean;
  readonly passed: boolean;
  readonly outcome: string;
  readonly headline: string;
  /** The fewest pods that served at any moment. */
  readonly fewest: number;
  /** What the Service answers afterwards. */
  readonly answer: string;
}

/** Whether the pods of 1.1 show what to judge by. */
export type Signal = (pods: readonly Pod[]) => boolean;

/** A bad release, about to be given to a tool in a namespace of its own. */
export interface Trial {
  readonly run: (signal?: Signal) => Promise<Measurement>;
}

const replicas = 3;
/** Milliseconds for which is looked on: after the end, and from the start where a tool took the release for good. */
const [lookedAfter, lookedAtLeast] = [2_000, 25_000];

/** Brings a healthy 1.0 into a new namespace, by the tool's own means, and spoils what 1.1 needs. */
export async function prepareTrial(
  { cluster, observatory }: Laboratory,
  release: BadRelease,
  contender: Contender,
): Promise<Trial> {
  const desk = await openDesk(cluster, `${release.name}-${contender.name}`);
  const workload = healthyWorkload((await release.prepare?.(desk)) ?? {});
  await contender.install(desk, workload);
  await eventually('only pods of 1.0', async () => (await desk.pods()).length === replicas);
  const images = (await release.images?.(desk)) ?? `web=${webImage('1.1')}`;
  await release.spoil?.(desk);
  return {
    run: async (signal = () => false) => {
      const recording = record(observatory, desk.namespace);
      const found = recording.firstSeen(signal);
      const attempt = await contender.attempt(desk, { workload, images });
      const { startedAt, endedAt } = attempt;
      await pause(lookedAfter + Math.max(0, attempt.passed ? startedAt + lookedAtLeast - endedAt : 0));
      const answer = await answerOf(desk);
      recording.stop();
      const course = courseOf(recording.glances, replicas);
      const seconds = (at: number | undefined) => at && (at - startedAt) / 1000;
      await desk.close();
      return {
        verdict: seconds(attempt.verdictAt),
        signal: seconds(await Promise.race([found, undefined])),
        back: seconds(course.backAt),
        restored: seconds(course.restoredAt),
        ended: (endedAt - startedAt) / 1000,
        touched: course.leftAt !== undefined,
        passed: attempt.passed,
        outcome: attempt.outcome,
        headline: attempt.headline.replaceAll(desk.namespace, 'shop'),
        fewest: course.fewest,
        answer,
      };
    },
  };
}

/** Three pods, one more while it rolls and never one less. */
function healthyWorkload(workload: Partial<WebWorkload>): WebWorkload {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  return {
    name: 'web',
    image: webImage('1.0'),
    ...workload,
    replicas,
    annotations: { ...workload.annotations, 'kubernetes.io/change-cause': '1.0' },
    spec: { ...workload.spec, strategy, progressDeadlineSeconds: 600 },
  };
}

/** What five requests through the API server's service proxy are answered. */
async function answerOf({ api, namespace }: Desk): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/services/web:80/proxy/`;
  const answers = new Set<string>();
  for (let count = 0; count < 5; count += 1) {
    const { status, text } = await api.send({ path });
    answers.add(status === 200 ? text : String(status));
  }
  return [...answers].join(', ');
}
