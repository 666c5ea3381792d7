import { performance } from 'node:perf_hooks';
import { webImage } from '../desk/test-cluster.ts';
import { createScreen } from './screen.ts';
import { openShop, type Shop } from './shop.ts';
import { createSteps, type Steps } from './steps.ts';

// The product in one minute, for somebody who has never seen it. Every step must end as told, or the demo fails.
const screen = createScreen();
screen.title("Rollkey rolls a Kubernetes workload forward to a release, or back to one, by the release's name.");
screen.say('Below, the built action runs as steps of a workflow, against a small Kubernetes inside this process.');
const began = performance.now();
const shop = await openShop(webImage('1.0'));
try {
  await tell(shop, createSteps(shop, screen));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  screen.title(`\nEvery step ended as told, in ${seconds} s. How to use it in a workflow: README.md`);
} catch (error) {
  console.error(`\nThe demo went wrong: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await shop.stop();
}

async function tell({ byHand, revisions }: Shop, { run, state }: Steps): Promise<void> {
  screen.step('A shop runs release 1.0. It was made with kubectl; Rollkey has never seen it.');
  await state({ ready: { '1.0': 3 }, answers: '1.0' });

  screen.step('The workflow deploys 1.1, and later 1.2.');
  for (const [release, before] of [
    ['1.1', '1.0'],
    ['1.2', '1.1'],
  ] as const) {
    const inputs = { deployment: 'web', release, images: `web=${webImage(release)}` };
    await run('root', inputs, {
      outcome: 'succeeded',
      mode: 'deploy',
      'previous-release': before,
      'run-on-deploy': 'true',
    });
  }
  await state({ ready: { '1.2': 3 }, answers: '1.2' });

  screen.step('The accident: somebody sets another image by hand. It crashes, and inherits the label 1.2.');
  const broken = webImage('1.2', 'crash');
  screen.command(`kubectl set image deployment/web web=${broken}`);
  await byHand.setImage('web', broken);
  await state({ ready: { '1.2': 3 }, failing: { '1.2-crash': 3 }, answers: '1.2' });
  screen.command('kubectl rollout history deployment/web');
  screen.say(
    [
      'REVISION  CHANGE-CAUSE',
      ...(await revisions()).map((line) => line.replace(/^(\d+) +/, (_, number) => String(number).padEnd(10))),
    ].join('\n'),
  );
  screen.say('kubectl now knows two revisions called 1.2, and a script that picks one may pick the crash.');

  screen.step('history/ tells them apart: it recorded what 1.2 was.');
  await run('history', { deployment: 'web' }, { 'last-good-release': '1.2' }, 'summary');

  screen.step('plan/ shows what a rollback to 1.0 would change. It changes nothing.');
  await run(
    'plan',
    { deployment: 'web', mode: 'rollback', release: '1.0' },
    { outcome: 'planned', mode: 'rollback' },
    'summary',
  );

  screen.step('Roll back to 1.0, by its name.');
  const back = { deployment: 'web', mode: 'rollback', release: '1.0', reason: 'the checkout page crashes' };
  const rolledBack = { outcome: 'succeeded', mode: 'rollback', 'rolled-back-to': '1.0', 'run-on-deploy': 'false' };
  await run('root', back, rolledBack, 'summary');
  await state({ ready: { '1.0': 3 }, answers: '1.0' });

  screen.step('On to 1.2 again: no images are given, the bits recorded for 1.2 are used, not the crash.');
  await run(
    'root',
    { deployment: 'web', release: '1.2' },
    { outcome: 'succeeded', mode: 'deploy', 'previous-release': '1.0' },
    'summary',
  );
  await state({ ready: { '1.2': 3 }, answers: '1.2' });
}
