import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionName, readAction } from '../runner/action-definition.ts';
import { makeCommandFiles } from '../runner/command-files.ts';
import type { Command, RollbackTarget, Tool } from './command.ts';

/** kubectl looks no longer than until the rollout is complete, so the action shall not either. */
const noWindow = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };

/** The action's side: the built entries, started with this Node.js as the runner starts them; without its monitor window. */
export function actionTool(home: string): Tool {
  return {
    name: 'action',
    userAgent: 'rollkey/',
    rollback: (kubeconfig, { deployments, release }) =>
      step('root', kubeconfig, home, { ...noWindow, deployment: deployments.join('\n'), release, mode: 'rollback' }),
    history: (kubeconfig, deployment) => step('history', kubeconfig, home, { deployment }),
  };
}

/** Deploys an image under a release's name, without a monitor window unless other inputs ask for one. */
export function deployWithAction(
  kubeconfig: string,
  home: string,
  { deployments, release }: RollbackTarget,
  image: string,
  inputs: Readonly<Record<string, string>> = {},
): Command {
  const own = { deployment: deployments.join('\n'), release, images: image };
  return step('root', kubeconfig, home, { ...noWindow, ...own, ...inputs });
}

function step(action: ActionName, kubeconfig: string, home: string, given: Readonly<Record<string, string>>): Command {
  const folder = mkdtempSync(join(home, 'step-'));
  const { main, inputs } = readAction(action);
  const variables = Object.entries({ ...inputs, ...given }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  return {
    file: process.execPath,
    argv: [main],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      KUBECONFIG: kubeconfig,
      RUNNER_TEMP: folder,
      ...makeCommandFiles(folder, 'main').environment,
      ...Object.fromEntries(variables),
    },
  };
}
