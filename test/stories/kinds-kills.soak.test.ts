import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { killSets } from './kinds-kills.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

const seed = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);
const kills = Number(process.env['ROLLKEY_SOAK_SET_KILLS'] ?? 130);

killSets(cluster, kills, seed);
