import { afterEach, describe, expect, test } from '@jest/globals';
import { createClusterClient } from '../../src/cluster/cluster-client.ts';
import { ledgerName } from '../../src/cluster/ledger-store.ts';
import type { LedgerStore } from '../../src/ports.ts';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import { type Answer, json, startApiServer, status } from './api-server.ts';
import { instantClock } from './instant-clock.ts';

interface ConfigMap {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string; readonly [field: string]: unknown };
  readonly data?: Readonly<Record<string, string>>;
}

const ref = { kind: 'deployment', namespace: 'shop', name: 'web' } as const;
const path = '/api/v1/namespaces/shop/configmaps';
const silent = { info: () => undefined, warn: () => undefined, debug: () => undefined };
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

function ledgerOf(...releases: string[]): Ledger {
  const entries = releases.map((release) => ({
    release,
    template: 'abc',
    images: { web: `web:${release}` },
    firstAttemptedAt: '2026-11-21T07:00:00Z',
    attemptedAt: '2026-11-21T07:00:00Z',
  }));
  return { schemaVersion: 1, entries, templates: { abc: { spec: { containers: [{ name: 'web' }] } } } };
}

/** ConfigMaps as the API server keeps them: created once, updated only in the version that was read. */
async function serve(stored = new Map<string, ConfigMap>(), first: Answer = () => undefined) {
  let version = 100;
  const answer: Answer = (request, response, count) => {
    const name = request.path.slice(path.length + 1);
    const sent = request.method === 'GET' ? undefined : (JSON.parse(request.body) as ConfigMap);
    const found = stored.get(name || (sent?.metadata.name ?? ''));
    if (!sent) return found ? json(response, 200, found) : json(response, 404, status(404, 'NotFound', ''));
    if (request.method === 'POST' && found) return json(response, 409, status(409, 'AlreadyExists', ''));
    if (request.method === 'PUT' && !found) return json(response, 404, status(404, 'NotFound', ''));
    if (request.method === 'PUT' && sent.metadata.resourceVersion !== found?.metadata.resourceVersion) {
      return json(response, 409, status(409, 'Conflict', ''));
    }
    version += 1;
    const next = { ...sent, metadata: { ...sent.metadata, resourceVersion: `${version}`, managedFields: [{}] } };
    stored.set(sent.metadata.name, next);
    first(request, response, count);
    return json(response, 200, next);
  };
  const server = await startApiServer(answer);
  const store = (): LedgerStore => {
    const client = createClusterClient({ access: server.access, clock: instantClock(), log: silent, version: '0' });
    endings.push(client.close);
    return client.ledgers;
  };
  endings.push(server.close);
  return { stored, server, store };
}

describe('a ledger', () => {
  test('is empty until it is written, and then reads as written', async () => {
    const { store, stored, server } = await serve();
    const ledgers = store();
    expect(await ledgers.read(ref)).toEqual({ ledger: emptyLedger(), version: '' });
    const first = await ledgers.write(ref, ledgerOf('1.0'), '');
    const second = await ledgers.write(ref, ledgerOf('1.0', '1.1'), first.version);
    expect(await store().read(ref)).toEqual({ ledger: ledgerOf('1.0', '1.1'), version: second.version });
    expect(stored.get('rollkey.deployment.web')).toMatchObject({
      kind: 'ConfigMap',
      metadata: { namespace: 'shop', labels: { 'app.kubernetes.io/managed-by': 'rollkey' } },
    });
    expect(server.received.map(({ method }) => method)).toEqual(['GET', 'POST', 'PUT', 'GET']);
  });

  test('of two writers only the first one wins, creating as well as updating', async () => {
    const { store } = await serve();
    const [one, two] = [store(), store()];
    const created = await one.write(ref, ledgerOf('1.0'), '');
    await expect(two.write(ref, ledgerOf('2.0'), '')).rejects.toMatchObject({ kind: 'conflict' });
    await two.write(ref, ledgerOf('1.0', '2.0'), created.version);
    await expect(one.write(ref, ledgerOf('1.0', '3.0'), created.version)).rejects.toMatchObject({ kind: 'conflict' });
    expect((await one.read(ref)).ledger).toEqual(ledgerOf('1.0', '2.0'));
  });

  test.each([
    ['created', ''],
    ['updated', 'later'],
  ])('that was %s before the answer was lost does not conflict with itself', async (_, version) => {
    let lost = version === '' ? 0 : 1;
    const { store, stored, server } = await serve(new Map(), () => {
      if (lost === 0) server.cut();
      lost -= 1;
    });
    const ledgers = store();
    const before = version === '' ? '' : (await ledgers.write(ref, ledgerOf('1.0'), '')).version;
    const written = await ledgers.write(ref, ledgerOf('1.1'), before);
    expect(written).toEqual({
      ledger: ledgerOf('1.1'),
      version: stored.get('rollkey.deployment.web')?.metadata.resourceVersion,
    });
  });

  test('leaves alone what others keep in its ConfigMap', async () => {
    const metadata = {
      name: 'rollkey.deployment.web',
      resourceVersion: '5',
      labels: { team: 'shop' },
      ownerReferences: [{ kind: 'Deployment', name: 'web' }],
    };
    const { store, stored } = await serve(new Map([[metadata.name, { metadata, data: { note: 'hands off' } }]]));
    const ledgers = store();
    const { version, ledger } = await ledgers.read(ref);
    expect(ledger).toEqual(emptyLedger());
    await ledgers.write(ref, ledgerOf('1.0'), version);
    expect(stored.get(metadata.name)).toMatchObject({
      metadata: {
        labels: { team: 'shop', 'app.kubernetes.io/managed-by': 'rollkey' },
        ownerReferences: metadata.ownerReferences,
      },
      data: { note: 'hands off', 'ledger.json': expect.stringContaining('"release": "1.0"') },
    });
  });

  test('that was deleted meanwhile is a conflict', async () => {
    const { store, stored } = await serve();
    const ledgers = store();
    const { version } = await ledgers.write(ref, ledgerOf('1.0'), '');
    stored.clear();
    await expect(ledgers.write(ref, ledgerOf('1.1'), version)).rejects.toMatchObject({ kind: 'conflict' });
    expect(stored.size).toBe(0);
  });

  test.each([
    ['{"schemaVersion":1', 'it is not valid JSON'],
    ['[]', 'it is not a JSON object'],
    ['{"schemaVersion":2,"entries":[],"templates":{}}', 'its schemaVersion is 2, not 1'],
    ['{"entries":[],"templates":{}}', 'its schemaVersion is undefined, not 1'],
    ['{"schemaVersion":1,"entries":[{"release":"1.0"}],"templates":{}}', 'its entries are not complete'],
    ['{"schemaVersion":1,"entries":[]}', 'its templates are missing'],
  ])('that reads %s stops us', async (text, why) => {
    const metadata = { name: 'rollkey.deployment.web', resourceVersion: '5' };
    const { store } = await serve(new Map([[metadata.name, { metadata, data: { 'ledger.json': text } }]]));
    await expect(store().read(ref)).rejects.toMatchObject({
      kind: 'rejected',
      message: `configmap shop/rollkey.deployment.web: ledger.json cannot be read (${why}); restore it, or delete the ConfigMap to begin a new ledger (releases stay known by their revisions)`,
    });
  });

  test('is laid out for people while it is small, and fits into a ConfigMap when it is large', async () => {
    const { store, stored } = await serve();
    const ledgers = store();
    await ledgers.write(ref, ledgerOf('1.0'), '');
    expect(stored.get('rollkey.deployment.web')?.data?.['ledger.json']).toContain('\n   "release": "1.0",\n');
    const other = { ...ref, name: 'large' };
    const large = ledgerOf(...Array.from({ length: 6_500 }, (_, index) => `1.${index}`));
    await ledgers.write(other, large, '');
    const text = stored.get('rollkey.deployment.large')?.data?.['ledger.json'] ?? '';
    expect(Buffer.byteLength(JSON.stringify(large, null, 1))).toBeGreaterThan(1024 * 1024);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect((await ledgers.read(other)).ledger).toEqual(large);
  });
});

describe('the name of a ledger', () => {
  const name = (length: number) => ledgerName({ kind: 'deployment', name: 'x'.repeat(length) });

  test('holds the name of the workload', () => {
    expect(ledgerName(ref)).toBe('rollkey.deployment.web');
    expect(name(234)).toBe(`rollkey.deployment.${'x'.repeat(234)}`);
  });

  test('is shortened where it would be too long, and stays distinct', () => {
    expect(name(235)).toHaveLength(253);
    expect(name(253)).not.toBe(name(252));
  });

  test.each([1, 2, 3, 4, 5])('is a DNS name also when it is cut behind a dot (%i)', (shift) => {
    const dots = `${'x'.repeat(220 + shift)}.-.${'y'.repeat(30 - shift)}`;
    expect(ledgerName({ kind: 'deployment', name: dots })).toMatch(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    );
  });
});
