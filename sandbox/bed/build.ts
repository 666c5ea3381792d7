import { ensureBinary } from './binary.ts';
import { ensurePackages } from './packages.ts';

// Makes a machine ready to start beds, without starting one.
try {
  await ensurePackages(console.error);
  const { bed } = await ensureBinary(console.error);
  console.log(bed);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
