import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../sandbox/cluster/model/kubernetes-objects.ts';
import { type Resource, resources } from '../../../../sandbox/cluster/model/resource.ts';
import { applyDefaults } from '../../../../sandbox/cluster/registry/defaults.ts';
import { validate } from '../../../../sandbox/cluster/registry/validation.ts';
import { deploymentManifest } from '../cluster-fixture.ts';

const metadata = { name: 'web', namespace: 'shop', uid: '1', resourceVersion: '1', creationTimestamp: '' };
const complete = (resource: Resource, object: object): KubeObject =>
  applyDefaults(resource, {
    ...object,
    metadata: { ...metadata, ...(object as { metadata?: object }).metadata },
  } as KubeObject);
const web = complete(resources.deployments, deploymentManifest('web', '1.0'));
const specOf = (spec: object) => complete(resources.deployments, deploymentManifest('web', '1.0', spec));
const templateOf = (labels: object, containers: readonly object[]) =>
  specOf({ template: { metadata: { labels }, spec: { containers } } });
const configMap = (fields: object) =>
  complete(resources.configMaps, { apiVersion: 'v1', kind: 'ConfigMap', ...fields });
const image = { image: 'web:1' };

/** The messages are those of an API server 1.35 for the same objects. */
describe('the API server refuses', () => {
  test.each([
    [
      'a selector that does not match',
      specOf({ selector: { matchLabels: { app: 'x' } } }),
      'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
    [
      'no template',
      complete(resources.deployments, { spec: {} }),
      'Deployment.apps "web" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`, spec.template.spec.containers: Required value]',
    ],
    [
      'no image',
      templateOf({ app: 'web' }, [{ name: 'web' }]),
      'Deployment.apps "web" is invalid: spec.template.spec.containers[0].image: Required value',
    ],
    [
      'two containers of one name',
      templateOf({ app: 'web' }, [
        { name: 'a', ...image },
        { name: 'a', ...image },
      ]),
      'Deployment.apps "web" is invalid: spec.template.spec.containers[1].name: Duplicate value: "a"',
    ],
    [
      'neither surge nor unavailable',
      specOf({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      'Deployment.apps "web" is invalid: spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
    ],
    [
      'a negative size',
      specOf({ replicas: -1 }),
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'a deadline within minReadySeconds',
      specOf({ minReadySeconds: 600 }),
      'Deployment.apps "web" is invalid: spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
    ],
  ])('a Deployment with %s', (_, object, message) => {
    expect(() => validate(resources.deployments, object, undefined)).toThrow(message);
  });

  test('a selector that is not the one before', () => {
    const spec = { selector: { matchLabels: { app: 'web', tier: 'x' } } };
    const changed = specOf({
      ...spec,
      template: { metadata: { labels: { app: 'web', tier: 'x' } }, spec: { containers: [{ name: 'web', ...image }] } },
    });
    expect(() => validate(resources.deployments, changed, web)).toThrow(
      /spec\.selector: Invalid value: .*: field is immutable$/,
    );
  });

  test.each([
    [
      'an upper-case name',
      configMap({ metadata: { name: 'Web' } }),
      /^ConfigMap "Web" is invalid: metadata\.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of/,
    ],
    [
      'a name of 254 letters',
      configMap({ metadata: { name: 'x'.repeat(254) } }),
      /must be no more than 253 characters$/,
    ],
    [
      'no name',
      configMap({ metadata: { name: '' } }),
      /metadata\.name: Required value: name or generateName is required$/,
    ],
    [
      'a label of 64 letters',
      configMap({ metadata: { labels: { a: 'x'.repeat(64) } } }),
      /metadata\.labels: .*must be no more than 63 characters$/,
    ],
    [
      'a label with a slash',
      configMap({ metadata: { labels: { a: 'b/c' } } }),
      /a valid label must be an empty string or consist of/,
    ],
    [
      'annotations beyond 256 KiB',
      configMap({ metadata: { annotations: { a: 'x'.repeat(262144) } } }),
      /metadata\.annotations: Too long: may not be more than 262144 bytes$/,
    ],
    [
      'data beyond 1 MiB',
      configMap({ data: { a: 'x'.repeat(1048577) } }),
      /^ConfigMap "web" is invalid: \[\]: Too long: may not be more than 1048576 bytes$/,
    ],
  ])('%s', (_, object, message) => {
    expect(() => validate(resources.configMaps, object, undefined)).toThrow(message);
  });

  test('nothing of a plain Deployment', () => {
    expect(() => validate(resources.deployments, web, web)).not.toThrow();
  });
});
