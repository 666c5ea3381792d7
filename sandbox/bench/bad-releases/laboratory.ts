import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinary } from '../../bed/binary.ts';
import { startBedTestCluster } from '../../desk/bed-test-cluster.ts';
import type { TestCluster } from '../../desk/test-cluster.ts';
import { ensureHelm } from './helm-program.ts';
import { type Observatory, openObservatory } from './observatory.ts';

/** A bed, what looks at it, and the programs to compare with. */
export interface Laboratory {
  readonly cluster: TestCluster;
  readonly observatory: Observatory;
  /** Paths. */
  readonly kubectl: string;
  readonly helm: string;
  /** A folder for the programs' files. */
  readonly home: string;
  readonly close: () => Promise<void>;
}

/** Starts a bed of its own; builds what is missing first, which may take minutes. */
export async function openLaboratory(log: (line: string) => void): Promise<Laboratory> {
  const helm = await ensureHelm(log);
  const { kubectl } = await ensureBinary(log);
  const cluster = await startBedTestCluster(log);
  const observatory = openObservatory(cluster.admin);
  const home = mkdtempSync(join(tmpdir(), 'rollkey-bench-'));
  return {
    ...{ cluster, observatory, kubectl, helm, home },
    close: async () => {
      observatory.close();
      rmSync(home, { recursive: true, force: true });
      await cluster.stop();
    },
  };
}
