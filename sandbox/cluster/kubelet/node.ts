interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule';
}

/** The taint of every node but the first, as on the bed. */
export const ownTaint = (name: string): Taint => ({ key: 'rollkey.test/node', value: name, effect: 'NoSchedule' });

/** A node that is ready for pods. */
export const nodeDraft = (name: string, taints: readonly Taint[] = []): object => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
  spec: taints.length > 0 ? { taints } : {},
});
