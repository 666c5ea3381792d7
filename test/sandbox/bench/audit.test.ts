import { expect, test } from '@jest/globals';
import type { AuditEntry } from '../../../sandbox/bed/audit-log.ts';
import { asked } from '../../../sandbox/bench/audit.ts';

const action = { userAgent: 'rollkey/' };

test('counts what the tool itself asked within the span, watches apart', () => {
  const entries = [
    entry(5, 'get', 'rollkey/0.1.0'),
    entry(15, 'list', 'rollkey/0.1.0'),
    entry(16, 'watch', 'rollkey/0.1.0'),
    entry(17, 'get', 'kubectl/v1.35.4'),
    entry(18, 'patch', 'rollkey/0.1.0', 'deployments'),
    entry(19, 'update', 'rollkey/0.1.0', 'configmaps'),
    entry(35, 'get', 'rollkey/0.1.0'),
  ];
  const { requests, watches, wroteAt } = asked(entries, action, 10, 30);
  expect({ requests, watches }).toEqual({ requests: 3, watches: 1 });
  expect(Math.abs(wroteAt - 18)).toBeLessThanOrEqual(1);
});

test('a tool that wrote nothing has no time of writing', () => {
  expect(asked([entry(15, 'list', 'rollkey/0.1.0')], action, 10, 30).wroteAt).toBeNaN();
});

function entry(at: number, verb: string, userAgent: string, resource = 'replicasets'): AuditEntry {
  const received = new Date(performance.timeOrigin + at);
  const request = { id: String(at), user: 'admin', uri: '/', namespace: 'bench', subresource: '', name: 'web' };
  return { ...request, verb, userAgent, resource, code: 200, sourceAddress: '', received, completed: received };
}
