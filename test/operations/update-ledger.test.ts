import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { updateLedger } from '../../src/operations/update-ledger.ts';
import type { Ledger } from '../../src/release/ledger.ts';
import { recordAttempt } from '../../src/release/record.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { createMemoryLedgers } from '../fakes/memory-ledgers.ts';
import { podTemplate } from '../release/workload.ts';
import { refOf } from './shop.ts';

const ref = refOf('web');
const conflict = new ClusterError('conflict', 'somebody else changed it');

function attempt(release: string) {
  const rest = { mode: 'deploy', at: '2026-11-21T10:00:00.000Z', runUrl: '', actor: '', reason: '' } as const;
  return (ledger: Ledger) => recordAttempt(ledger, { release, template: podTemplate({ image: release }), ...rest });
}

function names({ entries }: Ledger): readonly string[] {
  return entries.map(({ release }) => release);
}

function open() {
  const [ledgers, log] = [createMemoryLedgers(), createLogBook()];
  return { ledgers, log, ports: { ledgers, log } };
}

describe('updateLedger', () => {
  test('writes once, and returns what stands there', async () => {
    const { ledgers, ports } = open();
    const written = await updateLedger(ports, ref, await ledgers.read(ref), attempt('1.0'));
    expect(written.stored && names(written.stored.ledger)).toEqual(['1.0']);
    expect(ledgers.writes()).toBe(1);
  });

  test('after a conflict the change is made again on what the other writer left', async () => {
    const { ledgers, ports } = open();
    const stored = await ledgers.read(ref);
    ledgers.change('web', attempt('0.9'));
    ledgers.faults.at('read', () => ledgers.change('web', attempt('0.95')));
    await updateLedger(ports, ref, stored, attempt('1.0'));
    expect(names(ledgers.ledger('web'))).toEqual(['0.9', '0.95', '1.0']);
  });

  test('seven conflicts are borne, the eighth is not', async () => {
    const { ledgers, ports } = open();
    ledgers.faults.at('write', conflict, 7);
    await updateLedger(ports, ref, await ledgers.read(ref), attempt('1.0'));
    expect(names(ledgers.ledger('web'))).toEqual(['1.0']);
    ledgers.faults.at('write', conflict, 8);
    await expect(updateLedger(ports, ref, await ledgers.read(ref), attempt('1.1'))).rejects.toBe(conflict);
    expect(names(ledgers.ledger('web'))).toEqual(['1.0']);
  });

  test('eight writers at once lose nothing', async () => {
    const { ledgers, ports } = open();
    const stored = await ledgers.read(ref);
    const releases = Array.from({ length: 8 }, (_, index) => `r${index}`);
    await Promise.all(releases.map((release) => updateLedger(ports, ref, stored, attempt(release))));
    expect([...names(ledgers.ledger('web'))].sort()).toEqual(releases);
  });

  test.each([
    new ClusterError('forbidden', 'configmap shop/x: forbidden to create; add to its Role: …'),
    new ClusterError('rejected', 'configmap shop/x: exceeded quota: objects'),
  ])('refused (%s), it warns, says why, and gives the ledger up', async (error) => {
    const { ledgers, log, ports } = open();
    ledgers.faults.at('write', error);
    const written = await updateLedger(ports, ref, await ledgers.read(ref), attempt('1.0'));
    expect(written).toEqual({ stored: undefined, problem: error.message });
    expect(log.warnings).toEqual([`${error.message}; going on without the ledger`]);
  });

  test('what could not be read is not written', async () => {
    const { ledgers, ports } = open();
    expect(await updateLedger(ports, ref, undefined, attempt('1.0'))).toEqual({ stored: undefined });
    expect(ledgers.writes()).toBe(0);
  });

  test.each([new ClusterError('unreachable', 'away'), new TypeError('a bug')])('%s is passed on', async (error) => {
    const { ledgers, ports } = open();
    ledgers.faults.at('write', error);
    await expect(updateLedger(ports, ref, await ledgers.read(ref), attempt('1.0'))).rejects.toBe(error);
  });
});
