import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { workflowForAct } from '../../../sandbox/act/workflow-for-act.ts';

test('our own actions are named by version, what act refuses is left out, and nothing else changes', () => {
  const before = `jobs:
  deploy: # as $/roll
    environment:
      name: dev
      deployment: false
    concurrency:
      group: g
      queue: max # in line
    steps:
      - id: roll
        uses: $/roll
      - uses: $/gate
  other:
    environment: { name: dev, deployment: false }
    concurrency: { group: 'a, b', queue: max }
`;
  const after = `jobs:
  deploy: # as $/roll
    environment:
      name: dev
    concurrency:
      group: g
    steps:
      - id: roll
        uses: rollkey/rollkey/roll@v0
      - uses: rollkey/rollkey/gate@v0
  other:
    environment: { name: dev }
    concurrency: { group: 'a, b' }
`;
  expect(workflowForAct(before)).toBe(after);
});

test.each(['unblock', 'promote'])('what act knows stays as it is: %s.yml', (name) => {
  const text = readFileSync(`examples/${name}.yml`, 'utf8');
  expect(workflowForAct(text)).toBe(text.replace(', deployment: false', ''));
});

test.each(['environment: { deployment: false, name: dev }', "uses: '$/gate'", 'concurrency: { queue: max, group: g }'])(
  'what it does not see, it says: %s',
  (line) => {
    expect(() => workflowForAct(`jobs:\n  a:\n    ${line}\n`)).toThrow('is written in a way that is not looked for');
  },
);
