import { serviceState } from '../release/blue-green-state.ts';
import { type Colour, liveColour, otherColour, type Pair } from '../rollout/blue-green.ts';
import type { Service } from '../rollout/service.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { type Survey, survey } from './survey.ts';

/** A Service and its two Deployments as they were read. */
export interface ReadPair {
  readonly service: Service;
  readonly preview: Service | undefined;
  readonly live: Colour;
  readonly surveys: Pair<Survey>;
  /** The colour that the Service selects, and the one that serves nobody. */
  readonly serving: Survey;
  readonly idle: Survey;
  /** The idle colour's Deployment with what is live behind the Service, and what both know. */
  readonly seen: Survey;
}

/** Reads them; without `pair` where it cannot be told which colour is live, with a clause that says why. Throws ClusterError. */
export async function readPair(
  ports: Pick<BlueGreenPorts, 'services' | 'cluster' | 'ledgers' | 'log'>,
  request: Pick<BlueGreenRequest, 'pair' | 'service' | 'preview'>,
): Promise<{ readonly surveys: Pair<Survey> } & ({ readonly pair: ReadPair } | { readonly unclear: string })> {
  const [service, preview, blue, green] = await Promise.all([
    ports.services.get(request.service),
    request.preview && ports.services.get(request.preview),
    survey(ports, request.pair.blue),
    survey(ports, request.pair.green),
  ]);
  const surveys = { blue, green };
  const colouring = liveColour(service, { blue: blue.state.deployment, green: green.state.deployment });
  if (colouring.kind === 'unclear') return { surveys, unclear: colouring.why };
  const { live } = colouring;
  const [serving, idle] = [surveys[live], surveys[otherColour(live)]];
  const state = serviceState({ blue: blue.state, green: green.state }, live);
  const seen = { ...idle, state, ledgerProblem: idle.ledgerProblem ?? serving.ledgerProblem };
  return { surveys, pair: { service, preview, live, surveys, serving, idle, seen } };
}
