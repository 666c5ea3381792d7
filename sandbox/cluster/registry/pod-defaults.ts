import { isJsonObject, type JsonObject } from '../model/kubernetes-objects.ts';

/** The defaults of a pod's spec (kubernetes pkg/apis/core/v1/defaults.go). */
export const defaultPodSpec = (spec: JsonObject): JsonObject => ({
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
  ...spec,
  ...eachOf(spec, 'containers', defaultContainer),
  ...eachOf(spec, 'initContainers', defaultContainer),
  ...eachOf(spec, 'volumes', defaultVolume),
});

const eachOf = (owner: JsonObject, field: string, fill: (item: JsonObject) => JsonObject): JsonObject => {
  const list = owner[field];
  return Array.isArray(list) ? { [field]: list.map((item) => (isJsonObject(item) ? fill(item) : item)) } : {};
};

const defaultContainer = (container: JsonObject): JsonObject => ({
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: pullPolicy(String(container['image'] ?? '')),
  ...container,
  ...eachOf(container, 'ports', (port) => ({ protocol: 'TCP', ...port })),
  ...eachOf(container, 'env', defaultEnv),
  ...defaultProbe(container, 'readinessProbe'),
  ...defaultProbe(container, 'livenessProbe'),
  ...defaultProbe(container, 'startupProbe'),
});

const pullPolicy = (image: string): string => {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
};

const defaultEnv = (env: JsonObject): JsonObject => {
  const source = env['valueFrom'];
  if (!isJsonObject(source) || !isJsonObject(source['fieldRef'])) return env;
  return { ...env, valueFrom: { ...source, fieldRef: { apiVersion: 'v1', ...source['fieldRef'] } } };
};

const defaultProbe = (container: JsonObject, name: string): JsonObject => {
  const probe = container[name];
  if (!isJsonObject(probe)) return {};
  const httpGet = isJsonObject(probe['httpGet']) ? { httpGet: { path: '/', scheme: 'HTTP', ...probe['httpGet'] } } : {};
  return {
    [name]: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3, ...probe, ...httpGet },
  };
};

const defaultVolume = (volume: JsonObject): JsonObject => ({
  ...volume,
  ...withMode(volume, 'configMap'),
  ...withMode(volume, 'secret'),
});

const withMode = (volume: JsonObject, source: string): JsonObject => {
  const given = volume[source];
  return isJsonObject(given) ? { [source]: { defaultMode: 0o644, ...given } } : {};
};
