import type { BadRelease } from '../../desk/bad-releases.ts';
import { eventually } from '../../desk/eventually.ts';

const changeCause = 'kubernetes.io/change-cause';

/**
 * An image name that no kubelet can read, rolled out and back with kubectl before: the action takes no such name as an
 * input, but it does not doubt what a ReplicaSet holds under the release's name.
 */
export const recordedRelease: BadRelease = {
  name: 'image-name-invalid-but-recorded',
  images: () => '',
  spoil: async ({ byHand, replicaSets, complete }) => {
    await byHand.setImage('web', 'rollkey.test/Web:1.1');
    await byHand.annotate('web', { [changeCause]: '1.1' });
    await eventually('the record of 1.1', async () =>
      (await replicaSets()).some(({ metadata }) => metadata.annotations?.[changeCause] === '1.1'),
    );
    await byHand.undo('web');
    await complete();
  },
  causes: ['image-invalid'],
};
