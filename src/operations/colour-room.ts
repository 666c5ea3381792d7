import { podsOf } from '../rollout/blue-green-patch.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { lackingRoom } from '../rollout/surge-room.ts';
import { listIfAllowed, type NeighbourPorts } from './neighbour-problems.ts';
import type { Survey } from './survey.ts';
import { nameOf } from './workload-name.ts';

/** Which quotas have no room for the pods that a colour has to get, one line each. Throws ClusterError. */
export async function colourRoom(
  ports: NeighbourPorts,
  { ref, state }: Survey,
  template: PodTemplate,
  replicas: number,
): Promise<readonly string[]> {
  const pods = replicas - podsOf(state.deployment);
  if (pods <= 0) return [];
  const quotas = await listIfAllowed(ports, 'resourcequotas', ref.namespace);
  return lackingRoom(quotas, [{ template, pods }]).map(
    ({ quota, needs }) =>
      `${nameOf(ref)}: ${quota} has no room for both colours at once: it needs ${needs}; ` +
      'raise the quota, or scale the live colour down first',
  );
}
