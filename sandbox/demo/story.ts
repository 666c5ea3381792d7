import { webImage } from '../desk/test-cluster.ts';
import type { Screen } from './screen.ts';
import type { Shop } from './shop.ts';
import type { Steps } from './steps.ts';

/** What runs everywhere when the story begins. */
export const FIRST_IMAGE = webImage('1.0');

/** A short window after each rollout, so that this fits into half a minute; left out, it is 15 s. */
const watched = { 'update-config': 'monitor: 1s', 'rollback-config': 'monitor: 1s' };
const web = { deployment: 'web' };

/** Tells the story of three releases. Rejects where it goes otherwise. */
export async function tell({ staging, production }: Shop, { run, state }: Steps, screen: Screen): Promise<void> {
  screen.part(
    'A shop runs release 1.0 in staging and production. It was made with kubectl; Rollkey has never seen it.',
  );
  await state(production, { ready: { '1.0': 3 }, answers: '1.0' });

  screen.part('A workflow takes 1.1 to staging, asks the gate, and takes it to production.');
  const first = { ...web, release: '1.1', images: `web=${webImage('1.1')}`, ...watched };
  const deployed = { outcome: 'succeeded', mode: 'deploy', 'previous-release': '1.0', 'run-on-deploy': 'true' };
  await run({ action: 'root', at: staging, inputs: { ...first, environment: 'staging' }, expected: deployed });
  await run({
    action: 'gate',
    inputs: { release: '1.1', environment: 'production', after: 'staging' },
    expected: { allowed: 'true' },
  });
  await run({ action: 'root', at: production, inputs: { ...first, environment: 'production' }, expected: deployed });
  await state(production, { ready: { '1.1': 3 }, answers: '1.1' });

  screen.part('It takes 1.2 to staging, which crashes. Nobody does anything: it is rolled back, and blocked.');
  const second = { ...web, release: '1.2', images: `web=${webImage('1.2', 'crash')}`, ...watched };
  await run({
    ...{ action: 'root', at: staging, inputs: { ...second, environment: 'staging' }, fails: true, showSummary: true },
    expected: {
      ...{ outcome: 'rolled-back', 'reason-code': 'container-crashed' },
      ...{ 'rolled-back-from': '1.2', 'rolled-back-to': '1.1', 'blocked-release': '1.2' },
    },
  });
  await state(staging, { ready: { '1.1': 3 }, answers: '1.1' });

  screen.part('Somebody starts production with 1.2 all the same. The gate stops it.');
  const wanted = { release: '1.2', environment: 'production' };
  const { block = '' } = await run({
    ...{ action: 'gate', inputs: wanted, fails: true, showSummary: true },
    expected: { allowed: 'false', 'reason-code': 'release-blocked', 'blocked-by': 'octocat' },
  });
  screen.say(
    'Nor does it help to leave that step out: the action that deploys asks again, right before it would write.',
  );
  await run({
    ...{ action: 'root', at: production, inputs: { ...second, environment: 'production' }, fails: true },
    expected: { outcome: 'blocked', 'reason-code': 'release-blocked', changed: 'false' },
  });
  await state(production, { ready: { '1.1': 3 }, answers: '1.1' });

  screen.part('The accident: somebody sets another image by hand. It crashes, and inherits the label 1.1.');
  const broken = webImage('1.1', 'crash');
  screen.command(`kubectl set image -n production deployment/web web=${broken}`);
  await production.byHand.setImage('web', broken);
  await state(production, { ready: { '1.1': 3 }, failing: { '1.1-crash': 3 }, answers: '1.1' });
  const shown = ['REVISION  CHANGE-CAUSE', ...(await production.revisions())];
  screen.command('kubectl rollout history -n production deployment/web', shown);
  screen.say('To kubectl both are 1.1 now: a script that looks the name up may roll "back" to the crash.');

  screen.part('history/ tells them apart: it recorded what 1.1 was. Its board shows what the runs brought where.');
  await run({
    ...{ action: 'history', at: production, inputs: web, showSummary: true },
    expected: { 'last-good-release': '1.1' },
  });

  screen.part('Three in the night: roll back to 1.0, by its name. No gate asks where 1.0 was before.');
  const reason = 'the checkout page crashes';
  await run({
    ...{ action: 'root', at: production, showSummary: true },
    inputs: { ...web, mode: 'rollback', release: '1.0', environment: 'production', reason, ...watched },
    expected: { outcome: 'succeeded', mode: 'rollback', 'rolled-back-to': '1.0', 'run-on-deploy': 'false' },
  });
  await state(production, { ready: { '1.0': 3 }, answers: '1.0' });

  screen.part('On to 1.1 again: no images are given, the bits recorded for 1.1 are used, not the crash.');
  await run({
    ...{ action: 'root', at: production },
    inputs: { ...web, release: '1.1', environment: 'production', ...watched },
    expected: { outcome: 'succeeded', mode: 'deploy', 'previous-release': '1.0' },
  });
  await state(production, { ready: { '1.1': 3 }, answers: '1.1' });

  screen.part(
    'In the morning: 1.2 was not to blame, its database was away. Somebody lifts that one block, and the gate opens.',
  );
  screen.command(
    `gh workflow run unblock.yml -R octo/shop -f release=1.2 -f block=${block} -f reason='its database was away'`,
  );
  await run({
    action: 'unblock',
    inputs: { release: '1.2', block, reason: 'its database was away' },
    expected: { changed: 'true', block },
  });
  await run({ action: 'gate', inputs: wanted, expected: { allowed: 'true' } });
}
