import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { webService } from '../../sandbox/desk/web-workload.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import type { BlueGreenReport } from '../../src/rollout/blue-green-report.ts';
import { type Inputs, imageOf, type Options } from './story.ts';

const ofThePair = {
  deployment: 'web-blue, web-green',
  'blue-green': 'web',
  timeout: '60s',
  'update-config': 'monitor: 1s',
  'rollback-config': 'monitor: 1s',
};

/** Two pods of 1.0 on `web-blue`, which the Service `web` selects, and none on `web-green`. */
export async function installPair(desk: Desk): Promise<void> {
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  await Promise.all([
    desk.install({ name: 'web-blue', image: webImage('1.0'), annotations }),
    desk.install({ name: 'web-green', image: webImage('1.0'), replicas: 0, annotations }),
  ]);
  await desk.apply(serviceOf('web', 'web-blue'));
  await desk.answers('1.0');
}

/** A Service of this name that selects the pods of a Deployment. */
export function serviceOf(name: string, deployment: string) {
  const service = webService(name);
  return { ...service, spec: { ...service.spec, selector: { app: deployment } } };
}

/** Runs the root action for a release behind the Service `web`. */
export function deployPair(
  desk: Desk,
  release: string,
  inputs: Inputs = {},
  options: Options = {},
): Promise<ActionRun> {
  return desk.run('root', { ...ofThePair, release, images: `web=${webImage(release)}`, ...inputs }, options);
}

/** … in mode rollback. */
export function rollBackPair(desk: Desk, release: string, inputs: Inputs = {}): Promise<ActionRun> {
  return desk.run('root', { ...ofThePair, release, mode: 'rollback', ...inputs });
}

/** `1.0 x2` of each colour, and whom the Service selects. */
export async function standingOf(desk: Desk): Promise<Readonly<Record<'blue' | 'green' | 'selects', string>>> {
  const [blue, green] = await Promise.all(
    ['web-blue', 'web-green'].map(async (name) => {
      const deployment = await desk.deployment(name);
      return `${imageOf(deployment)?.replace(/.*:/, '')} x${deployment.spec.replicas}`;
    }),
  );
  const path = `/api/v1/namespaces/${desk.namespace}/services/web`;
  const { spec } = await desk.api.json<{ readonly spec: { readonly selector: Inputs } }>({ path });
  return { blue: blue ?? '', green: green ?? '', selects: spec.selector['app'] ?? '' };
}

export function reportOf({ outputs }: ActionRun): BlueGreenReport {
  return JSON.parse(outputs['result'] ?? '{}').blueGreen;
}
