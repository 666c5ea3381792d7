import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { killAll, measureErrands } from './kills.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

const seed = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);
const kills = Number(process.env['ROLLKEY_SOAK_KILLS'] ?? 150);

killAll(cluster, await measureErrands(cluster), kills, seed);
