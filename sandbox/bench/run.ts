import { measureTable } from './bad-releases/measure-table.ts';
import { printBusyTrains, printIdleRollbacks, printQuickness } from './bad-releases/speed.ts';
import { measureBlueGreen } from './blue-green.ts';
import { measureCanaries } from './canary.ts';
import { compareWithKubectl } from './comparisons.ts';
import { measureGate } from './gate.ts';

// Figures only: nothing passes or fails here. Absolute times belong to the machine, ratios to the tools.
const usual = {
  gate: measureGate,
  rollbacks: compareWithKubectl,
  canary: measureCanaries,
  'blue-green': measureBlueGreen,
  quickness: printQuickness,
  'idle-pods': printIdleRollbacks,
  'busy-pods': printBusyTrains,
};
/** `bad-releases` takes half an hour and writes into docs/, so it runs only by its name. */
const parts: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  ...usual,
  'bad-releases': measureTable,
};

const [name, ...argv] = process.argv.slice(2);
for (const each of name === undefined ? Object.keys(usual) : [name]) {
  const part = parts[each];
  if (part === undefined) throw new Error(`there is no part ${each}: ${Object.keys(parts).join(', ')}`);
  await part(argv);
}
