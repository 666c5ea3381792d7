import type { WorkloadResult } from '../result.ts';
import { code, fence } from './markdown.ts';

/** The pod of another release that the workload, or its way back, waits for; undefined where there is none. */
export function podInTheWay({ rollback, podInTheWay: own }: WorkloadResult): string | undefined {
  return rollback === undefined || rollback.state === 'impossible' ? own : rollback.podInTheWay;
}

/** The command that takes away what the workloads wait for, and what else does, as Markdown; empty where nothing is in the way. */
export function outOfTheWay(workloads: readonly WorkloadResult[], then: string): string {
  const waiting = workloads.flatMap((workload) => {
    const pod = podInTheWay(workload);
    return pod === undefined ? [] : [{ pod, namespace: workload.namespace }];
  });
  if (waiting.length === 0) return '';
  const [them, are] = waiting.length === 1 ? ['the pod in the way', 'it is'] : ['the pods in the way', 'they are'];
  const commands = waiting.map(({ pod, namespace }) => `kubectl delete pod ${pod} -n ${namespace}`);
  return [
    `**Delete ${them}**; Kubernetes goes on by itself once ${are} gone:`,
    fence(commands, { language: 'sh' }),
    `Then ${then}. A run with ${code('forced-rollback: "true"')} deletes such pods by itself.`,
  ].join('\n\n');
}
