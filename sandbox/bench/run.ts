import { measureTable } from './bad-releases/measure-table.ts';
import { compareWithKubectl } from './comparisons.ts';

// Figures only: nothing passes or fails here. Absolute times belong to the machine, ratios to the tools.
const parts: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  rollbacks: compareWithKubectl,
  'bad-releases': measureTable,
};
/** Without a name: what takes minutes, and changes no file. */
const usual = ['rollbacks'];

const [name, ...argv] = process.argv.slice(2);
for (const each of name === undefined ? usual : [name]) {
  const part = parts[each];
  if (part === undefined) throw new Error(`there is no part ${each}: ${Object.keys(parts).join(', ')}`);
  await part(argv);
}
