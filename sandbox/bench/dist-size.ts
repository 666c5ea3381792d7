import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface DistSize {
  readonly files: number;
  readonly bytes: number;
  /** Each file gzipped by itself. */
  readonly gzipped: number;
}

/** Measures the bundles that are committed, licenses included. */
export function distSize(): DistSize {
  const folder = join(import.meta.dirname, '..', '..', 'dist');
  const contents = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return {
    files: contents.length,
    bytes: contents.reduce((sum, content) => sum + content.length, 0),
    gzipped: contents.reduce((sum, content) => sum + gzipSync(content).length, 0),
  };
}
