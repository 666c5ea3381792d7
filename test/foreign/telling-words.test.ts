import { expect, test } from '@jest/globals';
import { tellingWords } from '../../src/foreign/telling-words.ts';
import type { Cause } from '../../src/verdict/cause.ts';

const EVIDENCE = {
  events: [
    'Warning Unhealthy pod/web-a: Readiness probe failed: status 500',
    '12 times Warning Unhealthy pod/web-a: Readiness probe failed: status 503',
    'Warning Unhealthy pod/web-a: Liveness probe failed: refused',
    'Warning BackOff pod/web-a: Readiness probe of nobody',
    '5 times Warning FailedMount pod/web-a: configmap "settings" not found',
  ],
  logs: [{ pod: 'web-a', container: 'app', previous: true, lines: ['boom'] }],
};

test.each<readonly [Cause['code'], string]>([
  ['container-crashed', 'boom'],
  ['out-of-memory', 'boom'],
  ['not-ready', 'Readiness probe failed: status 503'],
  ['volume-not-mounted', 'configmap "settings" not found'],
  ['image-not-found', ''],
  ['unschedulable', ''],
])('on %s: %j', (code, words) => {
  const cause: Cause = { code, message: 'it fails', pods: ['web-a'], container: 'app', suspectNode: '' };
  expect(tellingWords(EVIDENCE, cause)).toBe(words);
  expect(tellingWords(EVIDENCE, { ...cause, message: `it fails: ${words}` })).toBe('');
  expect(tellingWords({ events: [], logs: [] }, cause)).toBe('');
});

test('a container that the kubelet ended for its probe is told by the probe', () => {
  const killed = 'Normal Killing pod/web-a: Container app failed liveness probe, will be restarted';
  const evidence = { ...EVIDENCE, events: [...EVIDENCE.events, killed] };
  const cause: Cause = { code: 'container-crashed', message: '', pods: ['web-a'], container: 'app', suspectNode: '' };
  expect(tellingWords(evidence, cause)).toBe('Liveness probe failed: refused');
  expect(tellingWords(evidence, { ...cause, code: 'out-of-memory' })).toBe('boom');
  expect(tellingWords(evidence, { ...cause, container: 'mesh' })).toBe('');
  const sidecar = killed.replace('Container app', 'Init container app');
  expect(tellingWords({ ...EVIDENCE, events: [...EVIDENCE.events, sidecar] }, cause)).toContain('Liveness probe');
  expect(tellingWords({ ...evidence, events: [killed] }, cause)).toBe('boom');
});
