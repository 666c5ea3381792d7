import { describe, expect, test } from '@jest/globals';
import { apiError } from '../../src/cluster/api-error.ts';
import type { Subject } from '../../src/cluster/subject.ts';
import { status } from './api-server.ts';

const patch: Subject = { title: 'deployment shop/web', verb: 'patch', group: 'apps', resource: 'deployments' };
const read: Subject = { title: 'configmap shop/c', verb: 'get', group: '', resource: 'configmaps' };
const deployment = { group: 'apps', kind: 'deployments', name: 'web' };

const rbac = 'deployments.apps "web" is forbidden: User "ci" cannot patch resource "deployments" in API group "apps"';
const webhook = 'admission webhook "policy.example.com" denied the request: image is not signed';
const policy =
  "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no latest";
const invalid =
  'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0';

describe('apiError', () => {
  test.each([
    [
      'a right that is missing, with the rule that gives it',
      patch,
      403,
      status(403, 'Forbidden', rbac, deployment),
      'forbidden',
      'deployment shop/web: forbidden to patch (user "ci"); add to its Role: apiGroups ["apps"], resources ["deployments"], verbs ["patch"]',
    ],
    [
      'a right in the core group',
      read,
      403,
      status(403, 'Forbidden', 'configmaps "c" is forbidden: User "system:serviceaccount:shop:ci" cannot get resource'),
      'forbidden',
      'configmap shop/c: forbidden to get (user "system:serviceaccount:shop:ci"); add to its Role: apiGroups [""], resources ["configmaps"], verbs ["get"]',
    ],
    [
      'a 403 of something in between',
      read,
      403,
      '<html>\n<b>blocked</b></html>',
      'forbidden',
      'configmap shop/c: forbidden to get (<html> <b>blocked</b></html>); add to its Role: apiGroups [""], resources ["configmaps"], verbs ["get"]',
    ],
    [
      'a quota',
      patch,
      403,
      status(403, 'Forbidden', 'deployments.apps "web" is forbidden: exceeded quota: q', deployment),
      'rejected',
      'deployment shop/web: deployments.apps "web" is forbidden: exceeded quota: q',
    ],
    ['a webhook', patch, 403, status(403, 'Forbidden', webhook), 'rejected', `deployment shop/web: ${webhook}`],
    [
      'a webhook that answers 400',
      patch,
      400,
      status(400, 'BadRequest', webhook),
      'rejected',
      `deployment shop/web: ${webhook}`,
    ],
    ['a webhook that answers 500', patch, 500, status(500, '', webhook), 'rejected', `deployment shop/web: ${webhook}`],
    ['a policy', patch, 422, status(422, 'Invalid', policy, deployment), 'rejected', `deployment shop/web: ${policy}`],
    [
      'an object that is not there',
      patch,
      404,
      status(404, 'NotFound', 'deployments.apps "web" not found', deployment),
      'not-found',
      'deployment shop/web: not found; check its name and namespace',
    ],
    [
      'something that is no Kubernetes API',
      patch,
      404,
      '404 page not found\n',
      'not-found',
      'deployment shop/web: the server does not serve this; check that the address is that of a Kubernetes API',
    ],
    [
      'a failed test of a patch',
      patch,
      422,
      status(422, 'Invalid', 'the server rejected our request due to an error in our request'),
      'conflict',
      'deployment shop/web: somebody else changed it meanwhile; run again',
    ],
    [
      'an invalid object with its cause said once',
      patch,
      422,
      status(422, 'Invalid', invalid, {
        ...deployment,
        causes: [{ field: 'spec.replicas', message: 'Invalid value: -1: must be greater than or equal to 0' }],
      }),
      'rejected',
      `deployment shop/web: ${invalid}`,
    ],
    [
      'an invalid object with causes that the message leaves out',
      patch,
      422,
      status(422, 'Invalid', 'many problems', {
        ...deployment,
        causes: [{ field: 'spec.a', message: 'Required value' }, { message: 'b is wrong' }],
      }),
      'rejected',
      'deployment shop/web: many problems; spec.a: Required value; b is wrong',
    ],
    [
      'a conflict',
      read,
      409,
      status(409, 'Conflict', 'the object has been modified'),
      'conflict',
      'configmap shop/c: somebody else changed it meanwhile; run again',
    ],
    [
      'credentials that are not accepted',
      read,
      401,
      status(401, 'Unauthorized', 'Unauthorized'),
      'unauthorized',
      'configmap shop/c: the API server does not accept the credentials (expired?); renew those in the kubeconfig',
    ],
    [
      'an API server that is overloaded',
      read,
      429,
      status(429, 'TooManyRequests', 'too many requests'),
      'unreachable',
      'configmap shop/c: the API server answers 429 (too many requests); try again later',
    ],
    ['a bare 503', read, 503, '', 'unreachable', 'configmap shop/c: the API server answers 503; try again later'],
    ['a redirect', read, 302, '', 'rejected', 'configmap shop/c: the API server answers 302'],
  ] as const)('%s', (_, subject, code, body, kind, message) => {
    const error = apiError(subject, code, typeof body === 'string' ? body : JSON.stringify(body));
    expect([error.kind, error.message]).toEqual([kind, message]);
  });

  test('leaves out values that are whole objects, and keeps the reason behind them', () => {
    const dump = JSON.stringify(
      JSON.stringify({ env: [{ name: 'PASSWORD', value: 'hunter2' }], more: 'x'.repeat(600) }),
    );
    const message = `"" is invalid: patch: Invalid value: ${dump}: strict decoding error: unknown field "a"`;
    const causes = [{ field: 'patch', message: `Invalid value: ${dump}: strict decoding error: unknown field "a"` }];
    const error = apiError(patch, 422, JSON.stringify(status(422, 'Invalid', message, { causes })));
    expect(error.message).toBe(
      'deployment shop/web: "" is invalid: patch: Invalid value: strict decoding error: unknown field "a"',
    );
  });

  test('keeps the words of others on one line of bounded length', () => {
    const message = `admission webhook "w" denied the request: ::error::\n${'x'.repeat(5000)}`;
    const error = apiError(patch, 403, JSON.stringify(status(403, 'Forbidden', message)));
    expect(error.message).not.toMatch(/\n/);
    expect(error.message.length).toBeLessThan(530);
  });
});
