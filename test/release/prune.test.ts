import { describe, expect, test } from '@jest/globals';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import { MAX_LEDGER_BYTES, pruneLedger } from '../../src/release/prune.ts';
import { recordAttempt } from '../../src/release/record.ts';
import { templateDigest } from '../../src/rollout/template.ts';
import { podTemplate } from './workload.ts';

/** Releases `r0`, `r1`, …, attempted in that order, each on bits of its own of about `bytes`. */
function ledgerOf(count: number, bytes: number): Ledger {
  let ledger = emptyLedger();
  for (let index = 0; index < count; index++)
    ledger = recordAttempt(ledger, {
      release: `r${index}`,
      mode: 'deploy',
      template: podTemplate({ env: `${index}-${'é'.repeat(bytes / 2)}` }),
      at: new Date(Date.UTC(2026, 10, 21, 10, index)).toISOString(),
      runUrl: '',
      actor: '',
      reason: '',
    });
  return ledger;
}

function names({ entries }: Ledger): readonly string[] {
  return entries.map(({ release }) => release);
}

function sizeOf(ledger: Ledger): number {
  return Buffer.byteLength(JSON.stringify(ledger));
}

function good(ledger: Ledger, releases: readonly string[]): Ledger {
  const entries = ledger.entries.map((entry) =>
    releases.includes(entry.release) ? { ...entry, verifiedAt: entry.attemptedAt } : entry,
  );
  return { ...ledger, entries };
}

describe('pruneLedger', () => {
  test('a ledger that fits is left as it is', () => {
    const ledger = ledgerOf(5, 1000);
    expect(pruneLedger(ledger)).toBe(ledger);
    expect(pruneLedger(ledger, sizeOf(ledger))).toBe(ledger);
  });

  test('the releases attempted longest ago go first, and no more than must', () => {
    const ledger = ledgerOf(20, 10_000);
    const pruned = pruneLedger(ledger, 100_000);
    expect(sizeOf(pruned)).toBeLessThanOrEqual(100_000);
    expect(names(pruned)).toEqual(names(ledger).slice(-names(pruned).length));
    expect(names(pruned).length).toBe(9);
  });

  test('the last two that are good are kept, however old', () => {
    const pruned = pruneLedger(good(ledgerOf(20, 10_000), ['r0', 'r3']), 50_000);
    expect(names(pruned).slice(0, 2)).toEqual(['r0', 'r3']);
    expect(names(pruned).at(-1)).toBe('r19');
    expect(sizeOf(pruned)).toBeLessThanOrEqual(50_000);
  });

  test('a second attempt makes a release young again', () => {
    const ledger = ledgerOf(10, 10_000);
    const again = recordAttempt(ledger, {
      release: 'r0',
      mode: 'rollback',
      template: podTemplate({ env: `0-${'é'.repeat(5000)}` }),
      at: '2026-11-21T12:00:00.000Z',
      runUrl: '',
      actor: '',
      reason: '',
    });
    expect(names(pruneLedger(again, 50_000))).toContain('r0');
  });

  test('each release that stays has its bits, and no others stay', () => {
    const pruned = pruneLedger(good(ledgerOf(20, 10_000), ['r0']), 60_000);
    expect(Object.keys(pruned.templates).sort()).toEqual(pruned.entries.map(({ template }) => template).sort());
    for (const [digest, template] of Object.entries(pruned.templates)) expect(templateDigest(template)).toBe(digest);
  });

  test('bits that several releases share go with the last of them', () => {
    let ledger = emptyLedger();
    for (let index = 0; index < 50; index++)
      ledger = recordAttempt(ledger, {
        release: `r${index}`,
        mode: 'deploy',
        template: podTemplate({ env: 'x'.repeat(5000) }),
        at: new Date(Date.UTC(2026, 10, 21, 10, index)).toISOString(),
        runUrl: '',
        actor: '',
        reason: '',
      });
    const pruned = pruneLedger(ledger, 10_000);
    expect(Object.keys(pruned.templates)).toHaveLength(1);
    expect(names(pruned).at(-1)).toBe('r49');
    expect(sizeOf(pruned)).toBeLessThanOrEqual(10_000);
  });

  test('where what is kept is too large itself, its snapshots go, the oldest first; the record stays', () => {
    const ledger = good(ledgerOf(3, 10_000), ['r0', 'r1']);
    const pruned = pruneLedger(ledger, 25_000);
    expect(names(pruned)).toEqual(['r0', 'r1', 'r2']);
    expect(Object.keys(pruned.templates)).toEqual(Object.keys(ledger.templates).slice(1));
    expect(sizeOf(pruned)).toBeLessThanOrEqual(25_000);
    expect(pruneLedger(ledger, 5_000).templates).toEqual({});
  });

  test('a year of releases of a big workload fits into a ConfigMap', () => {
    const pruned = pruneLedger(good(ledgerOf(400, 4000), ['r0', 'r1']));
    expect(sizeOf(pruned)).toBeLessThanOrEqual(MAX_LEDGER_BYTES);
    expect(sizeOf(pruned)).toBeGreaterThan(MAX_LEDGER_BYTES - 20_000);
    expect(MAX_LEDGER_BYTES).toBeLessThan(1024 * 1024);
  });
});
