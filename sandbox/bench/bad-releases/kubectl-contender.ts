import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desk } from '../../desk/desk.ts';
import type { Contender } from './contender.ts';
import { attemptWith } from './program-contender.ts';

const script = `set -e
"$KUBECTL" set image deployment/web $IMAGES
"$KUBECTL" annotate deployment/web kubernetes.io/change-cause=1.1 --overwrite
"$KUBECTL" rollout status deployment/web --timeout=600s
`;

/** What a careful workflow step does with kubectl: set image, annotate, rollout status. */
export function kubectlContender(kubectl: string, home: string): Contender {
  return {
    name: 'kubectl',
    install: (desk, workload) => desk.install(workload),
    attempt: (desk, { images }) => {
      const variables = { KUBECTL: kubectl, IMAGES: images.replaceAll('\n', ' '), ...environment(desk, home) };
      return attemptWith({ file: 'sh', argv: ['-c', script], env: variables });
    },
  };
}

/** What programs find the desk's namespace by; their caches stay in the home folder. */
export function environment(desk: Desk, home: string): Readonly<Record<string, string>> {
  const kubeconfig = join(home, `${desk.namespace}.kubeconfig`);
  writeFileSync(kubeconfig, desk.kubeconfig(), { mode: 0o600 });
  return { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
}
