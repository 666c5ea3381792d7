import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { renderForTerminal } from '../../../sandbox/demo/terminal-markdown.ts';

describe('a summary in a terminal', () => {
  test.each([
    ['a heading', '### Deployed: release `1.1` is live', 'Deployed: release 1.1 is live'],
    ['paragraphs', 'One.\n\nTwo\nlines.', 'One.\n\nTwo\nlines.'],
    ['a table', '| A | B |\n| --- | --- |\n| `x` | **y** |', '  A  B\n  x  y'],
    ['a cell of two lines', '| A |\n| --- |\n| old<br>→ new |', '  A\n  old → new'],
    ['a box', '> [!WARNING]\n> **Drift:**\n>\n> - one\n> - two', '▌ WARNING Drift:\n▌ - one\n▌ - two'],
    ['a block', '```yaml\nwith:\n  release: "1.0"\n```', '  with:\n    release: "1.0"'],
    ['a chart, which GitHub draws', 'Before.\n\n```mermaid\ngantt\n```\n\nAfter.', 'Before.\n\nAfter.'],
    ['something folded', '<details><summary>Pods (1)</summary>\n\nweb-1\n\n</details>', 'Pods (1)\n\nweb-1'],
    ['escaped text', 'web\\_1 &lt;b&gt; @&#8203;somebody', 'web_1 <b> @somebody'],
  ])('%s', (_, markdown, expected) => {
    expect(stripVTControlCharacters(renderForTerminal(markdown))).toBe(expected);
  });
});
