import { webImage } from '../desk/test-cluster.ts';
import { createScreen } from './screen.ts';
import { openShop, type Shop } from './shop.ts';
import { createSteps, type Steps } from './steps.ts';

// The product in one minute, for somebody who has never seen it. Every step must end as told, or the demo fails.
const screen = createScreen();
screen.title("Rollkey rolls a Kubernetes workload forward to a release, or back to one, by the release's name.");
screen.say(`
Here the built action runs as in a GitHub workflow, against a small Kubernetes in this process:
deploy, deploy, an accident by hand, history, plan, back to 1.0 by its name, on to 1.2 again.`);
const began = performance.now();
const shop = await openShop(webImage('1.0'));
try {
  await tell(shop, createSteps(shop, screen));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  screen.title(`\nEvery step ended as told, in ${seconds} s. Your own workflow: see README.md.`);
} catch (error) {
  console.error(`\nThe demo went wrong: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await shop.stop();
}

async function tell({ byHand, revisions }: Shop, { run, state }: Steps): Promise<void> {
  screen.part('A shop runs release 1.0. It was made with kubectl; Rollkey has never seen it.');
  await state({ ready: { '1.0': 3 }, answers: '1.0' });

  screen.part('The workflow deploys 1.1, and later 1.2.');
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

  screen.part('The accident: somebody sets another image by hand. It crashes, and inherits the label 1.2.');
  const broken = webImage('1.2', 'crash');
  screen.command(`kubectl set image deployment/web web=${broken}`);
  await byHand.setImage('web', broken);
  await state({ ready: { '1.2': 3 }, failing: { '1.2-crash': 3 }, answers: '1.2' });
  screen.command('kubectl rollout history deployment/web', ['REVISION  CHANGE-CAUSE', ...(await revisions())]);
  screen.say('To kubectl both are 1.2 now: a script that looks the name up may roll "back" to the crash.');

  screen.part('history/ tells them apart: it recorded what 1.2 was.');
  await run('history', { deployment: 'web' }, { 'last-good-release': '1.2' }, 'summary');

  screen.part('plan/ shows what a rollback to 1.0 would change. It changes nothing.');
  await run(
    'plan',
    { deployment: 'web', mode: 'rollback', release: '1.0' },
    { outcome: 'planned', mode: 'rollback' },
    'summary',
  );

  screen.part('Roll back to 1.0, by its name.');
  const back = { deployment: 'web', mode: 'rollback', release: '1.0', reason: 'the checkout page crashes' };
  const rolledBack = { outcome: 'succeeded', mode: 'rollback', 'rolled-back-to': '1.0', 'run-on-deploy': 'false' };
  await run('root', back, rolledBack, 'summary');
  await state({ ready: { '1.0': 3 }, answers: '1.0' });

  screen.part('On to 1.2 again: no images are given, the bits recorded for 1.2 are used, not the crash.');
  await run(
    'root',
    { deployment: 'web', release: '1.2' },
    { outcome: 'succeeded', mode: 'deploy', 'previous-release': '1.0' },
    'summary',
  );
  await state({ ready: { '1.2': 3 }, answers: '1.2' });
}
