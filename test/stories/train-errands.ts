import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { Errand } from './errands.ts';
import type { Mate } from './train-mates.ts';

const three: readonly Mate[] = ['web', 'api', 'jobs'];
const mixed: readonly Mate[] = ['web', 'api', 'statefulset/db'];
const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };
const rolling = (mates: readonly Mate[]) =>
  ({ deployment: mates.join(', '), timeout: '60s', 'fail-fast': 'strict', ...unwatched }) as const;
const good = { release: '1.1', images: `web=${webImage('1.1')}` };

/** What a run does to several workloads that carry one release. */
export const trainErrands: readonly Errand[] = [
  {
    title: 'deploy of a train',
    mates: mixed,
    before: ['1.0'],
    inputs: { ...rolling(mixed), ...good },
    outcomes: ['succeeded', 'unchanged'],
    serves: '1.1',
  },
  {
    title: 'rollback of a train by name',
    mates: three,
    before: ['1.0', '1.1'],
    inputs: { ...rolling(three), release: '1.0', mode: 'rollback' },
    outcomes: ['succeeded', 'unchanged'],
    serves: '1.0',
  },
  goingBack('deploy of a train of which one crashes', three, 'jobs'),
  goingBack('deploy of a train of which one crashes beside a StatefulSet', ['web', 'statefulset/db'], 'web'),
];

function goingBack(title: string, mates: readonly Mate[], atFault: Mate): Errand {
  const images = `${good.images}\n${atFault}/web=${webImage('1.1', 'crash')}`;
  return {
    ...{ title, mates, before: ['1.0'], inputs: { ...rolling(mates), release: '1.1', images } },
    ...{ outcomes: ['rolled-back'], serves: '1.0', failed: '1.1', atFault },
  };
}
