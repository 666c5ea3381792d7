import { describe, expect, test } from '@jest/globals';
import type { Deployment, StringMap } from '../../src/rollout/objects.ts';
import { openTwoColours, rollBack, type TwoColours } from './blue-green-shop.ts';
import { imageOf, withImage } from './shop.ts';

/** Both colours go on to 1.1 with a label more, by which the Service selects from now on. */
async function openLabelled(): Promise<TwoColours> {
  const shop = await openTwoColours(2);
  for (const colour of ['blue', 'green']) label(shop, `site-${colour}`, { colour });
  shop.services.install('web', { colour: 'blue' });
  return shop;
}

function label({ cluster }: TwoColours, name: string, labels: StringMap): void {
  cluster.change(name, (deployment) => {
    const next = withImage(deployment, 'web:1.1');
    const { template } = next.spec;
    const metadata = { labels: { ...template.metadata?.labels, ...labels } };
    return caused({ ...next, spec: { ...next.spec, template: { ...template, metadata } } }, '1.1');
  });
}

function caused(deployment: Deployment, cause: string): Deployment {
  const annotations = { ...deployment.metadata.annotations, 'kubernetes.io/change-cause': cause };
  return { ...deployment, metadata: { ...deployment.metadata, annotations } };
}

describe('what the Service is pointed at', () => {
  test('a release from before the colours had their label gets it with its bits', async () => {
    const shop = await openLabelled();
    expect(await rollBack(shop, '1.0')).toMatchObject({ outcome: 'succeeded', release: '1.0' });
    expect(shop.services.selector('web')).toEqual({ colour: 'green' });
    const { labels } = shop.cluster.deployment('site-green').spec.template.metadata ?? {};
    expect(labels).toEqual({ app: 'site-green', colour: 'green' });
    expect(imageOf(shop.cluster.deployment('site-green'))).toBe('web:1.0');
  });
});
