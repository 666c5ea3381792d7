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
