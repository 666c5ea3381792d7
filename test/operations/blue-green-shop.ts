import { blueGreen } from '../../src/operations/blue-green.ts';
import type { BlueGreenRequest } from '../../src/operations/blue-green-request.ts';
import type { Result } from '../../src/result.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { createMemoryServices, type MemoryServices } from '../fakes/memory-services.ts';
import { imageOf, openShop, refOf, request, type Shop, V10 } from './shop.ts';

export interface TwoColours extends Shop {
  readonly services: MemoryServices;
}

/** Deployments `site-blue` and `site-green` on 1.0, of which the Service `web` selects the blue one, green has no pods. */
export async function openTwoColours(greenPods = 0): Promise<TwoColours> {
  const shop = openShop(['site-blue', 'site-green'], [V10]);
  const services = createMemoryServices();
  services.install('web', { app: 'site-blue' });
  scale(shop, 'site-green', greenPods);
  return { ...shop, services };
}

export function scale(shop: Shop, name: string, replicas: number): void {
  shop.cluster.change(name, (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas } }));
}

/** What a run with the input `blue-green: web` asks, but for what is said otherwise. */
export function pairRequest(release: string, rest: Partial<BlueGreenRequest> = {}): BlueGreenRequest {
  return {
    ...request(release, { images: rest.requested === 'rollback' ? '' : `app=web:${release}` }),
    pair: { blue: refOf('site-blue'), green: refOf('site-green') },
    service: { namespace: 'shop', name: 'web' },
    previewChecks: async () => [],
    ...rest,
  };
}

/** Runs with as much time as it takes. */
export async function run(shop: TwoColours, wanted: BlueGreenRequest, seconds = 20): Promise<Result> {
  const running = blueGreen(shop, wanted);
  running.catch(() => {});
  for (let count = 0; count < seconds; count++) await shop.clock.advance(1_000);
  return running;
}

export function deploy(shop: TwoColours, release: string, rest: Partial<BlueGreenRequest> = {}): Promise<Result> {
  return run(shop, pairRequest(release, rest));
}

export function rollBack(shop: TwoColours, release: string, rest: Partial<BlueGreenRequest> = {}): Promise<Result> {
  return run(shop, pairRequest(release, { requested: 'rollback', ...rest }));
}

/** `web:1.0 x2` of each colour, and whom the Service selects. */
export function standing(shop: TwoColours): Readonly<Record<'blue' | 'green' | 'selects', string>> {
  const told = (deployment: Deployment) => `${imageOf(deployment)} x${deployment.spec.replicas}`;
  return {
    blue: told(shop.cluster.deployment('site-blue')),
    green: told(shop.cluster.deployment('site-green')),
    selects: shop.services.selector('web')['app'] ?? '',
  };
}
