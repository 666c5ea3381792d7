import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiClient } from '../../desk/api-client.ts';
import { type Circumstances, fillFigures } from './document.ts';
import { helmVersion } from './helm-program.ts';
import { type Laboratory, openLaboratory } from './laboratory.ts';
import { type Choice, measureAll } from './schedule.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const path = join(root, 'docs', 'bad-releases.md');

/**
 * `npm run bench -- bad-releases`: measures every bad release with every tool and writes the figures into
 * docs/bad-releases.md. With `--only crash-at-start,…` or `--by balanced,…` it prints them instead.
 */
export async function measureTable(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { only: { type: 'string' }, by: { type: 'string' } } });
  const among = (list: string | undefined, name: string) => list === undefined || list.split(',').includes(name);
  const choose: Choice = (release, contender) => among(values.only, release) && among(values.by, contender);
  const laboratory = await openLaboratory(console.error);
  try {
    const rows = await measureAll(laboratory, console.error, choose);
    const document = fillFigures(await readFile(path, 'utf8'), await circumstances(laboratory), rows);
    if (values.only === undefined && values.by === undefined) await writeFile(path, document);
    else console.log(document);
  } finally {
    await laboratory.close();
  }
}

async function circumstances({ cluster }: Laboratory): Promise<Circumstances> {
  const api = createApiClient(cluster.admin);
  const { gitVersion } = await api.json<{ readonly gitVersion: string }>({ path: '/version' });
  api.close();
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return {
    date: new Date().toISOString().slice(0, 10),
    command: 'npm run bench -- bad-releases',
    machine: `one machine of ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB`,
    versions: [
      `Rollkey ${version} on Node.js ${process.version}`,
      `helm ${helmVersion}`,
      `kubectl, API server and kubelet ${gitVersion}`,
    ],
  };
}
