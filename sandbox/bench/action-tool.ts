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
      step(
        'root',
        home,
        { ...noWindow, deployment: deployments.join('\n'), release, mode: 'rollback' },
        { KUBECONFIG: kubeconfig },
      ),
    history: (kubeconfig, deployment) => step('history', home, { deployment }, { KUBECONFIG: kubeconfig }),
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
  return step('root', home, { ...noWindow, ...own, ...inputs }, { KUBECONFIG: kubeconfig });
}

/** Promotes a held canary to all pods. */
export function promoteWithAction(kubeconfig: string, home: string, deployment: string): Command {
  const inputs = { 'update-config': noWindow['update-config'], deployment, to: 'all' };
  return step('promote', home, inputs, { KUBECONFIG: kubeconfig });
}

/** Asks the promotion gate, at a GitHub of this machine. */
export function askWithAction(
  home: string,
  { url, repository, token }: { readonly url: string; readonly repository: string; readonly token: string },
  inputs: Readonly<Record<string, string>>,
): Command {
  const github = { GITHUB_API_URL: url, GITHUB_REPOSITORY: repository };
  return step('gate', home, { 'github-token': token, ...inputs }, github);
}

/** Without a token unless inputs bring one: what is measured on a cluster never waits for GitHub. */
function step(
  action: ActionName,
  home: string,
  given: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Command {
  const folder = mkdtempSync(join(home, 'step-'));
  const { main, inputs } = readAction(action);
  const variables = Object.entries({ ...inputs, 'github-token': '', ...given }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  return {
    file: process.execPath,
    argv: [main],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      RUNNER_TEMP: folder,
      ...environment,
      ...makeCommandFiles(folder, 'main').environment,
      ...Object.fromEntries(variables),
    },
  };
}
