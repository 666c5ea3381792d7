import { createClock } from '../clock.ts';
import { removeKubeconfig } from '../cluster/kubeconfig-file.ts';
import { connect, openGate } from '../connect.ts';
import { runAction } from '../github/action.ts';
import { BLOCKS_STATE, KUBECONFIG_STATE, RETURNING_STATE } from '../github/runner.ts';
import { finishBlocking } from '../run/finish-blocking.ts';
import { finishReturning } from '../run/finish-returning.ts';

await runAction(async (runner) => {
  const files = [runner.kept(KUBECONFIG_STATE)];
  const keep = (name: string, value: string) => void (name === KUBECONFIG_STATE && files.push(value));
  await Promise.all([
    finishBlocking(runner.kept(BLOCKS_STATE), runner, openGate, createClock()),
    finishReturning(runner.kept(RETURNING_STATE), { ...runner, keep }, connect, openGate),
  ]);
  await Promise.all(files.filter((path) => path !== '').map(removeKubeconfig));
});
