import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Bed, startBed } from '../../../sandbox/bed/bed.ts';
import { webImage } from '../../../sandbox/bed/images.ts';
import { startRelay } from '../../../sandbox/bed/relay.ts';
import type { Fault } from '../../../sandbox/bed/web-commands.ts';
import { eventually } from './eventually.ts';

jest.setTimeout(600_000);

let bed: Bed;

beforeAll(async () => {
  bed = await startBed({ identities: ['alice', 'bob'] });
}, 1_200_000);

afterAll(() => bed?.stop());

describe('a Deployment of three pods', () => {
  test('becomes available, and rolls forward and back as its image says', async () => {
    await bed.kubectl(['create', 'namespace', 'shop']);
    await bed.kubectl(['-n', 'shop', 'create', 'deployment', 'web', `--image=${webImage('1.0')}`, '--replicas=3']);
    await bed.kubectl(['-n', 'shop', 'expose', 'deployment', 'web', '--port=80', '--target-port=8080']);
    await expectRolledOut('1.0');
    await bed.kubectl(['-n', 'shop', 'set', 'image', 'deployment/web', `web=${webImage('1.1')}`]);
    await expectRolledOut('1.1');
    await bed.kubectl(['-n', 'shop', 'rollout', 'undo', 'deployment/web']);
    await expectRolledOut('1.0');
  });

  /** The rollout is complete, and the pods answer so through the API server's service proxy. */
  async function expectRolledOut(release: string): Promise<void> {
    await bed.kubectl(['-n', 'shop', 'rollout', 'status', 'deployment/web', '--timeout=120s']);
    const answer = () => bed.get('/api/v1/namespaces/shop/services/web:80/proxy/');
    // The proxy may still know an old pod for a moment, so several answers in a row must agree.
    await eventually(async () => {
      for (let count = 0; count < 5; count++) expect(await answer()).toMatchObject({ status: 200, body: release });
    });
  }
});

const ends: readonly (readonly [Fault, string])[] = [
  ['crash', 'exit 3'],
  ['noexec', 'StartError'],
  ['dies', 'exit 1'],
  ['oom', 'OOMKilled'],
];

describe('images that fail', () => {
  test.each(ends)('%s: %s', async (fault, reason) => {
    const container = { name: 'web', image: webImage('1.1', fault), resources: { limits: { memory: '64Mi' } } };
    await bed.kubectl(['create', '-f', '-'], { input: pod(fault, container) });
    await eventually(async () => {
      const [status] = JSON.parse(
        await bed.kubectl(['get', 'pod', fault, '-o', 'jsonpath={.status.containerStatuses}']),
      );
      const { reason: named, exitCode } = status.state.terminated;
      expect([named, `exit ${exitCode}`]).toContain(reason);
    });
  });

  test('unready: runs, and answers 404 to its readiness probe', async () => {
    await bed.kubectl(['run', 'unready', `--image=${webImage('1.1', 'unready')}`]);
    await bed.kubectl(['wait', 'pod/unready', '--for=jsonpath={.status.phase}=Running', '--timeout=120s']);
    await eventually(async () => {
      expect((await bed.get('/api/v1/namespaces/default/pods/unready:8080/proxy/')).status).toBe(404);
    });
  });

  test('an image that is nowhere', async () => {
    await bed.kubectl(['run', 'missing', '--image=localhost:1/web:9.9']);
    await eventually(async () => {
      const reason = 'jsonpath={.status.containerStatuses[0].state.waiting.reason}';
      expect(await bed.kubectl(['get', 'pod', 'missing', '-o', reason])).toBe('ImagePullBackOff');
    });
  });
});

function pod(name: string, container: object): string {
  const spec = { restartPolicy: 'Never', containers: [container] };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
}

describe('identities', () => {
  test('have no rights but those bound to their user name', async () => {
    const read = () => bed.kubectl(['get', 'configmaps'], { identity: 'alice' });
    await expect(read()).rejects.toThrow('User "alice" cannot list resource "configmaps"');
    await bed.kubectl(['create', 'role', 'reader', '--verb=list', '--resource=configmaps']);
    await bed.kubectl(['create', 'rolebinding', 'reader', '--role=reader', '--user=alice']);
    await eventually(async () => expect(await read()).toContain('kube-root-ca.crt'));
    await expect(bed.kubectl(['get', 'configmaps'], { identity: 'bob' })).rejects.toThrow('Forbidden');
  });

  test('are known by their names only', () => {
    expect(() => bed.token('eve')).toThrow('the bed knows no identity eve');
  });
});

describe('the audit log', () => {
  test('has each request once, with who asked what and what came of it', async () => {
    const since = new Date();
    await bed.kubectl(['get', '--raw', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt']);
    await bed.kubectl(['get', 'secrets'], { identity: 'bob' }).catch(() => {});
    await bed.kubectl(['wait', 'namespace/default', '--for=delete', '--timeout=10s']).catch(() => {});
    const entries = await bed.auditEntries(since);
    const seen = entries.map(({ user, verb, resource, name, code }) => ({ user, verb, resource, name, code }));
    expect(seen).toContainEqual({
      user: 'admin',
      verb: 'get',
      resource: 'configmaps',
      name: 'kube-root-ca.crt',
      code: 200,
    });
    expect(seen).toContainEqual({ user: 'bob', verb: 'list', resource: 'secrets', name: '', code: 403 });
    expect(seen).toContainEqual({ user: 'admin', verb: 'watch', resource: 'namespaces', name: 'default', code: 200 });
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect(entries.filter(({ userAgent }) => !userAgent.startsWith('kubectl/v1.35.4'))).toEqual([]);
    expect(entries.every(({ received }) => received >= since)).toBe(true);
  });
});

describe('the relay', () => {
  test('counts the connections of a client, and its bytes both ways', async () => {
    const relay = await startRelay(bed.server);
    try {
      await bed.kubectl(['get', 'nodes', `--server=${relay.server}`]);
      expect(relay.connections()).toBe(1);
      await bed.kubectl(['get', 'nodes', `--server=${relay.server}`]);
      expect(relay.connections()).toBe(2);
      expect(relay.sent()).toBeGreaterThan(500);
      expect(relay.received()).toBeGreaterThan(1000);
    } finally {
      await relay.close();
    }
  });
});
