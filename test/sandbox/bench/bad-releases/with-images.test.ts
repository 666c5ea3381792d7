import { expect, test } from '@jest/globals';
import { withImages } from '../../../../sandbox/bench/bad-releases/with-images.ts';
import { webDeployment } from '../../../../sandbox/desk/web-workload.ts';

test('only the containers that are named get another image, init containers too', () => {
  const podSpec = {
    initContainers: [
      { name: 'init', image: 'tool:1' },
      { name: 'other', image: 'other:1' },
    ],
  };
  const deployment = webDeployment({ name: 'web', image: 'web:1.0', podSpec });
  const { spec } = withImages(deployment, 'web=registry:5000/web:1.1\ninit=tool:2').spec.template;
  expect(spec).toMatchObject({
    containers: [{ name: 'web', image: 'registry:5000/web:1.1' }],
    initContainers: [
      { name: 'init', image: 'tool:2' },
      { name: 'other', image: 'other:1' },
    ],
  });
});
