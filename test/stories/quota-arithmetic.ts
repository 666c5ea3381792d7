import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import type { ResourceQuota } from '../../src/rollout/neighbours.ts';
import type { PodTemplate, StringMap } from '../../src/rollout/objects.ts';
import { lackingRoom } from '../../src/rollout/surge-room.ts';
import { type Seeded, seeded } from '../release/seeded.ts';
import type { Story } from './story.ts';

const CASES = 30;
const SEED = 20_261_121;
/** The API server may not know a quota yet that was made just now; what is wrong after these stays wrong. */
const HEARS_LATE_MS = [1_000, 4_000, 15_000];
const TRACKED = ['pods', 'requests.cpu', 'memory', 'limits.memory'] as const;

/** Pods that go nowhere, so that only the quota counts them. */
function templateFrom({ pick, integer }: Seeded): PodTemplate {
  const amounts = () => ({ cpu: pick(['100m', '0.25', '1']), memory: pick(['32Mi', '100M', '0.125Gi']) });
  const sized = (name: string) => {
    const limits = { cpu: pick(['1', '1500m']), memory: pick(['128Mi', '0.25Gi']) };
    // Without requests the limits count as such.
    return { name, image: 'registry.invalid/web:1', resources: pick([{ requests: amounts(), limits }, { limits }]) };
  };
  const sidecar = { ...sized('mesh'), restartPolicy: 'Always' };
  const initContainers = pick([
    [],
    [sized('migrate')],
    [sidecar],
    [sidecar, sized('migrate')],
    [sized('migrate'), sidecar],
  ]);
  const containers = integer(2) === 0 ? [sized('web')] : [sized('web'), sized('proxy')];
  return {
    spec: { containers, initContainers, nodeSelector: { nowhere: 'true' }, automountServiceAccountToken: false },
  };
}

/** Sometimes more, sometimes less than a few pods take. */
function hardFrom({ pick }: Seeded): StringMap {
  const choices = {
    pods: pick(['1', '2', '4']),
    'requests.cpu': pick(['0.5', '1500m', '4']),
    memory: pick(['100Mi', '250M', '1Gi']),
    'limits.memory': pick(['128Mi', '0.5Gi', '2Gi']),
  };
  const kept = TRACKED.filter(() => pick([true, true, false]));
  return Object.fromEntries(kept.map((name) => [name, choices[name]]));
}

/** How many of so many pods the API server takes. */
async function taken(desk: Desk, template: PodTemplate, count: number): Promise<number> {
  const path = `/api/v1/namespaces/${desk.namespace}/pods`;
  for (let made = 0; made < count; made++) {
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: `surge-${made}` }, spec: template.spec };
    const { status, text } = await desk.api.send({ method: 'POST', path, body });
    if (status === 403 && text.includes('exceeded quota')) return made;
    if (status !== 201) throw new Error(`${status}: ${text}`);
  }
  return count;
}

async function clear(desk: Desk, made: number): Promise<void> {
  const pods = `/api/v1/namespaces/${desk.namespace}/pods`;
  for (let index = 0; index < made; index++)
    await desk.api.json({ method: 'DELETE', path: `${pods}/surge-${index}?gracePeriodSeconds=0` });
}

/**
 * A quota that counts nothing yet. Its controller may have counted a pod that was deleted just now, and then does not look
 * again for minutes: another quota is counted anew.
 */
async function freshQuota(desk: Desk, hard: StringMap): Promise<ResourceQuota> {
  const path = `/api/v1/namespaces/${desk.namespace}/resourcequotas`;
  const body = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'random' }, spec: { hard } };
  for (;;) {
    await desk.api.json({ method: 'POST', path, body });
    const counted = await eventually('the quota', async () => {
      const quota = await desk.api.json<ResourceQuota>({ path: `${path}/random` });
      return Object.keys(quota.status?.used ?? {}).length === Object.keys(hard).length && quota;
    });
    if (Object.values(counted.status?.used ?? {}).every((amount) => amount === '0')) return counted;
    await desk.surroundings.remove({ apiVersion: 'v1', kind: 'ResourceQuota' }, 'random');
  }
}

interface Case {
  readonly template: PodTemplate;
  readonly hard: StringMap;
  readonly pods: number;
}

/** Whether all pods fit, by our arithmetic and by the API server, which has so many milliseconds to hear of the quota. */
async function answersTo(desk: Desk, { template, hard, pods }: Case, hearsMs: number) {
  const quota = await freshQuota(desk, hard);
  await pause(hearsMs);
  const ours = lackingRoom([quota], [{ template, pods }]).length === 0;
  const made = await taken(desk, template, pods);
  await clear(desk, made);
  await desk.surroundings.remove({ apiVersion: 'v1', kind: 'ResourceQuota' }, 'random');
  return { ours, theirs: made === pods };
}

export const quotaArithmetic: readonly Story[] = [
  {
    title: `${CASES} quotas and pods at random: there is room for them where the API server takes them, and nowhere else`,
    // The embedded cluster counts neither init containers nor sidecars.
    only: 'bed',
    tell: async (desk) => {
      const random = seeded(SEED);
      const answers: boolean[] = [];
      for (let index = 0; index < CASES; index++) {
        const [template, hard, pods] = [templateFrom(random), hardFrom(random), 1 + random.integer(4)];
        const asked = { index, template, hard, pods };
        let seen = await answersTo(desk, asked, 0);
        for (const ms of HEARS_LATE_MS) if (seen.ours !== seen.theirs) seen = await answersTo(desk, asked, ms);
        expect({ ...asked, fits: seen.ours }).toEqual({ ...asked, fits: seen.theirs });
        answers.push(seen.theirs);
      }
      expect(new Set(answers).size).toBe(2);
    },
  },
];
