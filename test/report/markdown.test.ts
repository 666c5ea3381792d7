import { describe, expect, test } from '@jest/globals';
import { plainLine } from '../../src/foreign/plain-text.ts';
import { alert, code, details, fence, sentence, table, text } from '../../src/report/markdown.ts';
import { HOSTILE } from './hostile.ts';
import { render } from './rendered.ts';

test.each([
  ['checkout is slow', 'checkout is slow.'],
  ['no.', 'no.'],
  ['why not?', 'why not?'],
  ['no!', text('no!')],
])('a sentence that ends with %j has one full stop', (reason, sentenced) => {
  expect(sentence(text(reason))).toBe(sentenced);
});

const PLAIN = new Set(['paragraph_open', 'paragraph_close', 'inline', 'text', 'text_special']);

describe.each(Object.entries(HOSTILE))('hostile text: %s', (_, hostile) => {
  test('as text is only text, and all of it', () => {
    const rendered = render(text(hostile));
    expect([...rendered.kinds].filter((kind) => !PLAIN.has(kind) && kind !== 'html_inline')).toEqual([]);
    expect(new Set(rendered.html)).toEqual(new Set(hostile.includes('$') ? ['<span>', '</span>'] : []));
    expect(rendered.text).toBe(plainLine(hostile).replaceAll('\u{200B}', ''));
  });

  test('as code is one code span, and all of it', () => {
    const rendered = render(`x ${code(hostile)}`);
    expect(rendered.kinds).toEqual(new Set(['paragraph_open', 'paragraph_close', 'inline', 'text', 'code_inline']));
    expect(rendered.text).toBe(`x ${plainLine(hostile, 400)}`);
  });

  test('in a table stays in its cell', () => {
    const rendered = render(table(['A', 'B'], [[text(hostile), code(hostile)]]));
    const allowed = new Set([...PLAIN, 'code_inline', 'html_inline']);
    const inside = [...rendered.kinds].filter((kind) => !/^(table|thead|tbody|tr|th|td)_/.test(kind));
    expect(inside.filter((kind) => !allowed.has(kind))).toEqual([]);
    expect(rendered.text).toBe(`AB${plainLine(hostile)}${plainLine(hostile, 400)}`.replaceAll('\u{200B}', ''));
  });

  test('in a fence stays inside', () => {
    expect(render(fence(hostile.split('\n'))).kinds).toEqual(new Set(['fence']));
  });

  test('as text never pings or refers', () => {
    const shown = text(hostile).replaceAll('&#8203;', '\u{200B}');
    expect(shown).not.toMatch(/@[\w-]|(?<!&)#\d|GH-\d/i);
  });
});

test.each([
  ['1.4.2', '`1.4.2`'],
  ['', ''],
  ['a`b', '``a`b``'],
  ['`', '`` ` ``'],
  ['a``b`c', '```a``b`c```'],
])('code of %j is %j', (foreign, expected) => {
  expect(code(foreign)).toBe(expected);
});

test('a table without rows is nothing', () => {
  expect(table(['A'], [])).toBe('');
});

test('a fence is longer than the longest in its content', () => {
  expect(fence(['````', 'x'], { language: 'diff' })).toBe('`````diff\n````\nx\n`````');
});

test('a fence keeps indentation and says what it leaves out', () => {
  const lines = Array.from({ length: 402 }, (_, index) => `+    ${index}`);
  const fenced = fence(lines, { most: 400 }).split('\n');
  expect(fenced[1]).toBe('+    0');
  expect(fenced.at(-1)).toBe('2 more lines are left out.');
  expect(fenced).toHaveLength(404);
});

test.each(Object.entries(HOSTILE))('the title of details shows hostile text as text: %s', (_, hostile) => {
  const html = render(details(hostile, 'x')).html.join('');
  expect(html.replaceAll(/<\/?(?:details|summary)>/g, '')).not.toMatch(/[<>]/);
  expect(html).toMatch(/^<details><summary>[^<>]*<\/summary>/);
});

test('details and alert hold Markdown', () => {
  expect(render(details('More', '**x**')).kinds).toContain('strong_open');
  expect(alert('NOTE', 'a\n\nb')).toBe('> [!NOTE]\n> a\n>\n> b');
});
