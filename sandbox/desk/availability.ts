import { setTimeout as pause } from 'node:timers/promises';
import type { Pod } from '../cluster/model/workload-objects.ts';
import type { ApiClient } from './api-client.ts';

/** What was seen of a Deployment's pods while something went on. */
export interface Availability {
  readonly samples: number;
  /** The fewest pods that were ready, and not on their way out, at one time. */
  readonly fewestReady: number;
  /** How often the service gave each answer; one that is none is counted under its status. */
  readonly answers: Readonly<Record<string, number>>;
}

export interface AvailabilitySampling {
  readonly stop: () => Promise<Availability>;
}

/** Looks every so many milliseconds at how many pods of an app are ready, and at what its service answers. */
export function sampleAvailability(
  api: ApiClient,
  namespace: string,
  app: string,
  everyMs = 100,
): AvailabilitySampling {
  const core = `/api/v1/namespaces/${namespace}`;
  const ready: number[] = [];
  const answers: Record<string, number> = {};
  let sampling = true;
  const look = async () => {
    const [pods, answer] = await Promise.all([
      api.json<{ readonly items: readonly Pod[] }>({ path: `${core}/pods?labelSelector=app%3D${app}` }),
      api.send({ path: `${core}/services/${app}:80/proxy/` }),
    ]);
    ready.push(pods.items.filter(isServing).length);
    const said = answer.status === 200 ? answer.text : String(answer.status);
    answers[said] = (answers[said] ?? 0) + 1;
  };
  const looks = (async () => {
    while (sampling) {
      // What cannot be seen is no sample: the cluster may be busy, not the pods gone.
      await look().catch(() => {});
      await pause(everyMs);
    }
  })();
  return {
    stop: async () => {
      sampling = false;
      await looks;
      return { samples: ready.length, fewestReady: Math.min(...ready), answers };
    },
  };
}

function isServing({ metadata, status }: Pod): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  return ready && metadata.deletionTimestamp === undefined;
}
