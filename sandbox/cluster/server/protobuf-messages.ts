export type SingleType = 'string' | 'bytes' | 'int' | 'bool' | Message;

/** The type of a field; one in brackets is repeated. */
export type FieldType = SingleType | readonly [SingleType] | 'stringMap' | 'bytesMap';

/** A message by field number: the name in JSON and the type. */
export interface Message {
  readonly [number: number]: readonly [name: string, type: FieldType];
}

/** `k8s.io/apimachinery/pkg/runtime.Unknown`: the type and the object's own bytes. */
export const unknownEnvelope: Message = {
  1: ['typeMeta', { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] }],
  2: ['raw', 'bytes'],
};

const meta: Message = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  11: ['labels', 'stringMap'],
  12: ['annotations', 'stringMap'],
};

const container: Message = {
  1: ['name', 'string'],
  2: ['image', 'string'],
  3: ['command', ['string']],
  4: ['args', ['string']],
  6: ['ports', [{ 1: ['name', 'string'], 3: ['containerPort', 'int'], 4: ['protocol', 'string'] }]],
};

const template: Message = { 1: ['metadata', meta], 2: ['spec', { 2: ['containers', [container]] }] };

const deploymentSpec: Message = {
  1: ['replicas', 'int'],
  2: ['selector', { 1: ['matchLabels', 'stringMap'] }],
  3: ['template', template],
  4: ['strategy', { 1: ['type', 'string'] }],
  5: ['minReadySeconds', 'int'],
  6: ['revisionHistoryLimit', 'int'],
  7: ['paused', 'bool'],
  9: ['progressDeadlineSeconds', 'int'],
};

const rule: Message = {
  1: ['verbs', ['string']],
  2: ['apiGroups', ['string']],
  3: ['resources', ['string']],
  4: ['resourceNames', ['string']],
};
const subject: Message = {
  1: ['kind', 'string'],
  2: ['apiGroup', 'string'],
  3: ['name', 'string'],
  4: ['namespace', 'string'],
};
const roleRef: Message = { 1: ['apiGroup', 'string'], 2: ['kind', 'string'], 3: ['name', 'string'] };
const role: Message = { 1: ['metadata', meta], 2: ['rules', [rule]] };
const roleBinding: Message = { 1: ['metadata', meta], 2: ['subjects', [subject]], 3: ['roleRef', roleRef] };

const resourceAttributes: Message = {
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
};

const rbac = 'rbac.authorization.k8s.io/v1';

/** The objects `kubectl create` makes from flags, by apiVersion and kind (field numbers: each API's generated.proto). */
export const messages: Readonly<Record<string, Message>> = {
  'v1/Namespace': { 1: ['metadata', meta] },
  'v1/ServiceAccount': { 1: ['metadata', meta] },
  'v1/ConfigMap': { 1: ['metadata', meta], 2: ['data', 'stringMap'], 3: ['binaryData', 'bytesMap'] },
  'v1/Secret': { 1: ['metadata', meta], 2: ['data', 'bytesMap'], 3: ['type', 'string'] },
  'apps/v1/Deployment': { 1: ['metadata', meta], 2: ['spec', deploymentSpec] },
  [`${rbac}/Role`]: role,
  [`${rbac}/ClusterRole`]: role,
  [`${rbac}/RoleBinding`]: roleBinding,
  [`${rbac}/ClusterRoleBinding`]: roleBinding,
  'authorization.k8s.io/v1/SelfSubjectAccessReview': {
    2: ['spec', { 1: ['resourceAttributes', resourceAttributes] }],
  },
  'authorization.k8s.io/v1/SelfSubjectRulesReview': { 2: ['spec', { 1: ['namespace', 'string'] }] },
};
