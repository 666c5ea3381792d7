import type { WorkloadRef } from '../ports.ts';

/** `deployment shop/web` */
export function nameOf({ kind, namespace, name }: WorkloadRef): string {
  return `${kind} ${namespace}/${name}`;
}
