import { isJsonObject, type JsonObject, type KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import { defaultPodSpec } from './pod-defaults.ts';

/** Fills in what the API server fills in (kubernetes pkg/apis/apps/v1/defaults.go). */
export const applyDefaults = (resource: Resource, object: KubeObject): KubeObject => {
  if (resource === resources.secrets) return secret(object);
  const spec = (object as { spec?: unknown }).spec;
  if (!isJsonObject(spec)) return object;
  if (resource === resources.deployments) return { ...object, ...{ spec: deploymentSpec(spec) } };
  if (resource === resources.statefulSets) return { ...object, ...{ spec: statefulSetSpec(spec) } };
  if (resource === resources.daemonSets) return { ...object, ...{ spec: daemonSetSpec(spec) } };
  if (resource === resources.autoscalers) return { ...object, ...{ spec: { ...autoscaled, ...spec } } };
  if (resource === resources.replicaSets) return { ...object, ...{ spec: { replicas: 1, ...withTemplate(spec) } } };
  if (resource === resources.pods)
    return { ...object, ...{ spec: { ...defaultPodSpec(spec), enableServiceLinks: true } } };
  return object;
};

/** `stringData` is for writing only: it lands in `data` as base64. */
const secret = ({
  stringData = {},
  data = {},
  ...rest
}: KubeObject & { stringData?: object; data?: object }): KubeObject => {
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  return { ...{ type: 'Opaque', data: { ...data, ...Object.fromEntries(encoded) } }, ...rest };
};

const deploymentSpec = (spec: JsonObject): JsonObject => ({
  replicas: 1,
  revisionHistoryLimit: 10,
  progressDeadlineSeconds: 600,
  ...withTemplate(spec),
  strategy: strategy(isJsonObject(spec['strategy']) ? spec['strategy'] : {}),
});

const strategy = (given: JsonObject): JsonObject => {
  const { type = 'RollingUpdate', rollingUpdate } = given;
  if (type !== 'RollingUpdate') return { ...given, type };
  return {
    type,
    rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...(isJsonObject(rollingUpdate) ? rollingUpdate : {}) },
  };
};

/** What an autoscaler goes by that says nothing itself: 80 % of the processor time its pods ask for. */
const autoscaled: JsonObject = {
  minReplicas: 1,
  metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
};

const statefulSetSpec = (spec: JsonObject): JsonObject => ({
  replicas: 1,
  revisionHistoryLimit: 10,
  podManagementPolicy: 'OrderedReady',
  ...withTemplate(spec),
  updateStrategy: partitioned(objectOr(spec['updateStrategy'])),
  persistentVolumeClaimRetentionPolicy: {
    whenDeleted: 'Retain',
    whenScaled: 'Retain',
    ...objectOr(spec['persistentVolumeClaimRetentionPolicy']),
  },
});

/** Where the type is named without `rollingUpdate`, that stays away: then there is no partition to print. */
const partitioned = (given: JsonObject): JsonObject => {
  const { type = 'RollingUpdate', rollingUpdate = given['type'] === undefined ? {} : undefined } = given;
  if (type !== 'RollingUpdate' || !isJsonObject(rollingUpdate)) return { ...given, type };
  const { maxUnavailable: _, ...rest } = rollingUpdate;
  return { type, rollingUpdate: { partition: 0, ...rest } };
};

const daemonSetSpec = (spec: JsonObject): JsonObject => {
  const { type = 'RollingUpdate', rollingUpdate, ...rest } = objectOr(spec['updateStrategy']);
  const limits = { maxUnavailable: 1, maxSurge: 0, ...objectOr(rollingUpdate) };
  return {
    revisionHistoryLimit: 10,
    ...withTemplate(spec),
    updateStrategy:
      type === 'RollingUpdate'
        ? { type, rollingUpdate: limits }
        : { ...rest, type, ...(rollingUpdate === undefined ? {} : { rollingUpdate }) },
  };
};

const objectOr = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

const withTemplate = (spec: JsonObject): JsonObject => {
  const { template } = spec;
  if (!isJsonObject(template) || !isJsonObject(template['spec'])) return spec;
  return { ...spec, template: { ...template, spec: defaultPodSpec(template['spec']) } };
};
