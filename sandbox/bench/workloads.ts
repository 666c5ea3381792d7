import { webImage } from '../bed/images.ts';

export const namespace = 'bench';
export const deploymentsPath = `/apis/apps/v1/namespaces/${namespace}/deployments`;
export const replicaSetsPath = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
export const podsPath = `/api/v1/namespaces/${namespace}/pods`;

export interface WorkloadOptions {
  readonly name: string;
  readonly replicas: number;
  readonly release: string;
}

/** A Deployment of the web image, ready when it answers, asked every second. */
export function workload({ name, replicas, release }: WorkloadOptions) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, annotations: { 'kubernetes.io/change-cause': release } },
    spec: {
      replicas,
      revisionHistoryLimit: 1000,
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, webImage(release)),
    },
  };
}

/** The pods of a workload with an image. */
export function podTemplate(name: string, image: string) {
  const readinessProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 };
  return {
    metadata: { labels: { app: name } },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: 'web', image, readinessProbe }],
    },
  };
}
