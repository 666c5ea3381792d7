import { expect, test } from '@jest/globals';
import { fillTables } from '../../scripts/readme/tables.ts';

const manifests = {
  'action.yml': {
    inputs: {
      release: { description: 'Name of the release.', required: true },
      timeout: { description: 'How long: 90s | 10m.\nPer attempt.', default: '10m' },
      reason: { description: 'Why.', default: '' },
    },
    outputs: { outcome: { description: 'How it ended.' } },
  },
};

test('tables take the place of what stood between their markers, and nothing else changes', () => {
  const readme = [
    '# Title',
    '<!-- inputs of action.yml -->',
    'old',
    '<!-- end -->',
    'text',
    '<!-- outputs of action.yml -->',
    '<!-- end -->',
    '',
  ].join('\n');
  const filled = fillTables(readme, manifests);
  expect(filled).toBe(`# Title
<!-- inputs of action.yml -->
| input | default | meaning |
| --- | --- | --- |
| \`release\` | required | Name of the release. |
| \`timeout\` | \`10m\` | How long: 90s \\| 10m. Per attempt. |
| \`reason\` |  | Why. |
<!-- end -->
text
<!-- outputs of action.yml -->
| output | meaning |
| --- | --- |
| \`outcome\` | How it ended. |
<!-- end -->
`);
  expect(fillTables(filled, manifests)).toBe(filled);
});

test('a marker for an action that is not there is an error', () => {
  expect(() => fillTables('<!-- inputs of gate/action.yml -->\n<!-- end -->', manifests)).toThrow('gate/action.yml');
});
