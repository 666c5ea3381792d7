import { describe, expect, test } from '@jest/globals';
import { lastWords } from '../../src/foreign/last-words.ts';
import type { Cause } from '../../src/verdict/cause.ts';
import type { ContainerLog } from '../../src/verdict/evidence.ts';

const ESC = String.fromCharCode(0x1b);

function cause(overrides: Partial<Cause> = {}): Cause {
  const message = 'container app exits 3';
  return { code: 'container-crashed', message, pods: ['web-b'], container: 'app', suspectNode: '', ...overrides };
}

function log(line: string, overrides: Partial<ContainerLog> = {}): ContainerLog {
  return { pod: 'web-b', container: 'app', previous: true, lines: [line], ...overrides };
}

const words = (lines: readonly string[]) => lastWords({ logs: [log('', { lines })] }, cause());

test.each([
  ['plain', ['starting', 'boom', '', '  '], 'boom'],
  ['coloured', [`${ESC}[31mboom${ESC}[0m`, `${ESC}[0m`], 'boom'],
  ['JSON', ['{"level":"fatal","msg":"cannot connect","port":5432}'], 'cannot connect'],
  ['JSON that says it elsewhere', ['{"error":"refused"}'], 'refused'],
  ['JSON without words', ['{"a":1}'], '{"a":1}'],
  ['what looks like JSON', ['{"msg":"cut'], '{"msg":"cut'],
  [
    'Node.js',
    [
      '/app/index.js:3',
      "throw new Error('boom');",
      '^',
      '',
      'Error: boom',
      '    at load (/app/index.js:3:7)',
      '',
      'Node.js v24.1.0',
    ],
    'Error: boom',
  ],
  [
    'Node.js with fields',
    ['Error: listen EADDRINUSE', '    at x {', "  code: 'EADDRINUSE'", '}', '', 'Node.js v24.1.0'],
    'Error: listen EADDRINUSE',
  ],
  [
    'Go',
    ['panic: boom', '', 'goroutine 1 [running]:', 'main.main()', '\t/app/main.go:5 +0x1d', 'exit status 2'],
    'panic: boom',
  ],
  [
    'Java',
    ['java.lang.A: a', '\tat a.B.c(B.java:1)', 'Caused by: java.net.X: refused', '\tat d.E', '\t... 5 more'],
    'Caused by: java.net.X: refused',
  ],
  [
    'Python',
    ['Traceback (most recent call last):', '  File "a.py", line 1, in <module>', 'ValueError: boom'],
    'ValueError: boom',
  ],
  ['npm', ['boom', 'npm error code 3', 'npm error path /app'], 'boom'],
  ['nothing but noise', ['    at a', '    at b'], 'at b'],
  ['nothing', ['', ' '], ''],
  ['far too much', ['x'.repeat(100_000)], `${'x'.repeat(159)}…`],
])('%s', (_, lines, expected) => {
  expect(words(lines)).toBe(expected);
});

describe('of several logs', () => {
  const logs = [
    log('other pod, present', { pod: 'web-a', previous: false }),
    log('other pod', { pod: 'web-a' }),
    log('present', { previous: false }),
    log('previous'),
    log('side', { container: 'side' }),
  ];

  test.each([
    ['the failing container of the failing pod, before it died', logs, cause(), 'previous'],
    ['its present life, where it has no other', logs.toSpliced(3, 1), cause(), 'present'],
    ['its present life, where the other was silent', logs.with(3, log(' ')), cause(), 'present'],
    ['another pod, where this one left nothing', logs.slice(0, 2), cause(), 'other pod'],
    ['never another container', logs.slice(4), cause(), ''],
    ['any container, where none is to blame', logs, cause({ container: '', pods: [] }), 'other pod'],
    ['any of the pod, where none is to blame', logs, cause({ container: '' }), 'previous'],
    ["no other pod's, where this one waits and has run nothing", logs, cause({ container: '', pods: ['web-c'] }), ''],
    ['any container, where nothing is known', logs.slice(4), undefined, 'side'],
  ])('%s', (_, read, why, expected) => {
    expect(lastWords({ logs: read }, why)).toBe(expected);
  });
});
