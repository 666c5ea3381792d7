export interface WebWorkload {
  readonly name: string;
  readonly image: string;
  readonly replicas?: number;
  /** On the Deployment itself. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Merged into the Deployment's spec. */
  readonly spec?: object;
  /** Merged into the pod template's spec. */
  readonly podSpec?: object;
  /** Merged into the container `web`. */
  readonly container?: object;
}

/** A Deployment of web pods, as a team would write it. */
export function webDeployment(workload: WebWorkload) {
  const {
    name,
    image,
    replicas = 2,
    annotations = {},
    labels = {},
    spec = {},
    podSpec = {},
    container = {},
  } = workload;
  // A busy node answers late; what is not there is answered with 404 at once.
  const readinessProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 1, timeoutSeconds: 10 };
  const web = { name: 'web', image, ports: [{ containerPort: 8080 }], readinessProbe, ...container };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name, ...labels }, annotations },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      // Small steps would only make stories long.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%', maxUnavailable: 0 } },
      ...spec,
      template: {
        metadata: { labels: { app: name } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 1,
          containers: [web],
          ...podSpec,
        },
      },
    },
  };
}

/** The Service by which the pods of a Deployment are asked. */
export function webService(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}
