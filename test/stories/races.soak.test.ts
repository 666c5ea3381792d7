import { afterAll, describe } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { raceAll } from './races.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

const seed = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);

describe(`races from seed ${seed}`, () => raceAll(cluster, 200, seed));
