import { ensureBinary } from './binary.ts';
import { ensurePackages } from './packages.ts';

// Makes a machine ready to start beds, without starting one.
await ensurePackages(console.error);
const binary = await ensureBinary(console.error);
console.log(binary.bed);
