import { webImage } from '../desk/test-cluster.ts';
import { createScreen } from './screen.ts';
import { openShop, type Shop } from './shop.ts';
import { createSteps, type Steps } from './steps.ts';

/** A short window after each rollout, so that this fits into a minute; left out, it is 15 s. */
const watched = { 'update-config': 'monitor: 2s', 'rollback-config': 'monitor: 2s' };

// The product in one minute, for somebody who has never seen it. Every step must end as told, or the demo fails.
const screen = createScreen();
screen.title("Rollkey rolls a Kubernetes workload forward to a release, or back to one, by the release's name.");
screen.say(`
Here the built action runs as in a GitHub workflow, against a small Kubernetes in this process:
a deploy, a bad deploy that is rolled back by itself, an accident by hand, history, and back to 1.0 by its name.`);
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

  screen.part('The workflow deploys 1.1.');
  await run(
    'root',
    { deployment: 'web', release: '1.1', images: `web=${webImage('1.1')}`, ...watched },
    { outcome: 'succeeded', mode: 'deploy', 'previous-release': '1.0', 'run-on-deploy': 'true' },
  );
  await state({ ready: { '1.1': 3 }, answers: '1.1' });

  screen.part('It deploys 1.2, which crashes. Nobody does anything.');
  await run(
    'root',
    { deployment: 'web', release: '1.2', images: `web=${webImage('1.2', 'crash')}`, ...watched },
    { outcome: 'rolled-back', 'reason-code': 'container-crashed', 'rolled-back-from': '1.2', 'rolled-back-to': '1.1' },
    'summary',
  );
  await state({ ready: { '1.1': 3 }, answers: '1.1' });

  screen.part('The accident: somebody sets another image by hand. It crashes, and inherits the label 1.1.');
  const broken = webImage('1.1', 'crash');
  screen.command(`kubectl set image deployment/web web=${broken}`);
  await byHand.setImage('web', broken);
  await state({ ready: { '1.1': 3 }, failing: { '1.1-crash': 3 }, answers: '1.1' });
  screen.command('kubectl rollout history deployment/web', ['REVISION  CHANGE-CAUSE', ...(await revisions())]);
  screen.say('To kubectl both are 1.1 now: a script that looks the name up may roll "back" to the crash.');

  screen.part('history/ tells them apart: it recorded what 1.1 was.');
  await run('history', { deployment: 'web' }, { 'last-good-release': '1.1' }, 'summary');

  screen.part('Three in the night: roll back to 1.0, by its name.');
  await run(
    'root',
    { deployment: 'web', mode: 'rollback', release: '1.0', reason: 'the checkout page crashes', ...watched },
    { outcome: 'succeeded', mode: 'rollback', 'rolled-back-to': '1.0', 'run-on-deploy': 'false' },
    'summary',
  );
  await state({ ready: { '1.0': 3 }, answers: '1.0' });

  screen.part('On to 1.1 again: no images are given, the bits recorded for 1.1 are used, not the crash.');
  await run(
    'root',
    { deployment: 'web', release: '1.1', ...watched },
    { outcome: 'succeeded', mode: 'deploy', 'previous-release': '1.0' },
  );
  await state({ ready: { '1.1': 3 }, answers: '1.1' });
}
