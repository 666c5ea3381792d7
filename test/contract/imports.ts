import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Import {
  readonly from: string;
  /** A path of this repository, or a package's name. */
  readonly to: string;
  readonly kind: 'value' | 'type' | 'dynamic';
}

const STATIC = /^(?:import|export) (?:(type) )?(?:[^;'"]*? from )?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** TypeScript and JavaScript sources below folders, as paths from the repository's root. */
export function sourcesOf(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,js,mjs}`)).sort();
}

/** What a source imports, with relative paths resolved. */
export function importsOf(from: string): readonly Import[] {
  const text = readFileSync(from, 'utf8');
  const resolved = (path: string) => (path.startsWith('.') ? join(dirname(from), path) : path);
  const statics = [...text.matchAll(STATIC)].map(([, type, path = '']): Import => {
    return { from, to: resolved(path), kind: type ? 'type' : 'value' };
  });
  const dynamics = [...text.matchAll(DYNAMIC)].map(([, path = '']): Import => {
    return { from, to: resolved(path), kind: 'dynamic' };
  });
  return [...statics, ...dynamics];
}
