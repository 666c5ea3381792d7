import type { Bench } from './bench.ts';
import type { Command, Tool } from './command.ts';

/** What a careful workflow step does by hand: find the revision by its change-cause, undo to it, wait. */
const rollbackScript = `set -eu
for name in $DEPLOYMENTS; do
  revision=$("$KUBECTL" rollout history "deployment/$name" | awk -v release="$RELEASE" '$2 "" == release { print $1 }')
  "$KUBECTL" rollout undo "deployment/$name" --to-revision="$revision"
done
for name in $DEPLOYMENTS; do
  "$KUBECTL" rollout status "deployment/$name" --timeout=120s
done
`;

/** A deploy as a workflow step does it by hand. */
const updateScript = `set -eu
"$KUBECTL" set image "deployment/$NAME" "web=$IMAGE"
"$KUBECTL" rollout status "deployment/$NAME" --timeout=120s
`;

/** Puts an image onto a Deployment with kubectl, and waits until it is complete. */
export function updateWithKubectl(
  { bed, home, straight }: Pick<Bench, 'bed' | 'home' | 'straight'>,
  name: string,
  image: string,
): Command {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: straight };
  const own = { KUBECTL: bed.kubectlPath, NAME: name, IMAGE: image };
  return { file: 'sh', argv: ['-c', updateScript], env: { ...env, ...own } };
}

/** The kubectl side: a shell script for a rollback. Its discovery cache stays warm in the home folder. */
export function kubectlTool(kubectl: string, home: string): Tool {
  const env = (kubeconfig: string) => ({ PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig });
  const command = (kubeconfig: string, ...argv: readonly string[]): Command => ({
    file: kubectl,
    argv,
    env: env(kubeconfig),
  });
  return {
    name: 'kubectl',
    userAgent: 'kubectl/',
    rollback: (kubeconfig, { deployments, release }) => ({
      file: 'sh',
      argv: ['-c', rollbackScript],
      env: { ...env(kubeconfig), KUBECTL: kubectl, DEPLOYMENTS: deployments.join(' '), RELEASE: release },
    }),
    history: (kubeconfig, deployment) => command(kubeconfig, 'rollout', 'history', `deployment/${deployment}`),
  };
}
