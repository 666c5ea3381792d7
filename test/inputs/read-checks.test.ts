import { describe, expect, test } from '@jest/globals';
import { readChecks } from '../../src/inputs/read-checks.ts';
import { HOSTILE_YAML } from './hostile-yaml.ts';

const TIMES = { timeoutMs: 5_000, intervalMs: 5_000, threshold: 3 };

test.each(['', '# none yet', '[]'])('%j: no checks', async (text) => {
  expect(await readChecks(text)).toEqual({ checks: [], problems: [] });
});

describe('each kind', () => {
  const http = { ...TIMES, kind: 'http', statuses: [], contains: '', headers: {} };
  const service = {
    ...{ ...TIMES, kind: 'service', service: 'web', port: '80', path: '/', scheme: 'http', statuses: [], contains: '' },
  };
  const prometheus = { ...TIMES, kind: 'prometheus', url: 'http://p:9090', query: 'up', headers: {} };
  const command = { ...TIMES, kind: 'command', argv: ['./smoke.sh'], environment: {} };

  test.each<readonly [string, object]>([
    [
      'http: https://shop.example/health?key=s3cr3t',
      { ...http, name: 'http shop.example/health', url: 'https://shop.example/health?key=s3cr3t' },
    ],
    [
      'http: {url: "http://[::1]:8080", status: 204, contains: "ok: yes", headers: {X-Test: 1, Authorization: Bearer t}}',
      {
        ...http,
        name: 'http [::1]:8080/',
        url: 'http://[::1]:8080',
        statuses: [204],
        contains: 'ok: yes',
        headers: { 'X-Test': '1', Authorization: 'Bearer t' },
      },
    ],
    ['http: {url: HTTP://x, status: [200, 302]}', { ...http, name: 'http x/', url: 'HTTP://x', statuses: [200, 302] }],
    ['service: web:80', { ...service, name: 'service web:80/' }],
    [
      'service: web:http/healthz?full=1',
      { ...service, name: 'service web:http/healthz', port: 'http', path: '/healthz?full=1' },
    ],
    [
      'service: {name: web, port: 80, path: /a/b%20c, scheme: https, status: [200], contains: ok}',
      {
        ...{
          ...service,
          name: 'service web:80/a/b%20c',
          path: '/a/b%20c',
          scheme: 'https',
          statuses: [200],
          contains: 'ok',
        },
      },
    ],
    [
      'prometheus: {url: "http://p:9090", query: up, below: 0.01}',
      { ...prometheus, name: 'prometheus up', below: 0.01 },
    ],
    [
      'prometheus: {url: "http://p:9090", query: up, above: -1, below: 1e3, headers: {X-Scope-OrgID: shop}}',
      {
        ...{ ...prometheus, name: 'prometheus up', above: -1, below: 1_000, headers: { 'X-Scope-OrgID': 'shop' } },
      },
    ],
    [
      'prometheus: {url: "http://p:9090", query: "sum(\\n  up\\n)", above: 0}',
      { ...prometheus, name: 'prometheus sum( up )', query: 'sum(\n  up\n)', above: 0 },
    ],
    ['command: [./smoke.sh]', { ...command, name: 'command ./smoke.sh' }],
    [
      'command: [sleep, 5, "", "$HOME; rm -rf /", "a b"]',
      {
        ...{
          ...command,
          name: 'command sleep 5 $HOME; rm -rf / a b',
          argv: ['sleep', '5', '', '$HOME; rm -rf /', 'a b'],
        },
      },
    ],
    [
      'command: {argv: ["C:\\\\Program Files\\\\x.exe"], environment: {MODE: fast, DEBUG: true, N: 1}}',
      {
        ...{ ...command, name: 'command C:\\Program Files\\x.exe', argv: ['C:\\Program Files\\x.exe'] },
        environment: { MODE: 'fast', DEBUG: 'true', N: '1' },
      },
    ],
    [
      'http: http://x\nname: the shop answers\ntimeout: 1.5s\ninterval: 1m\nthreshold: 1',
      { ...http, url: 'http://x', name: 'the shop answers', timeoutMs: 1_500, intervalMs: 60_000, threshold: 1 },
    ],
  ])('%s', async (item, check) => {
    const { checks, problems } = await readChecks(`- ${item.replaceAll(/\n(?=\w+:)/g, '\n  ')}`);
    expect(problems).toEqual([]);
    expect(checks).toEqual([check]);
  });

  test('a long name is cut, and holds nothing that cannot be seen', async () => {
    const { checks } = await readChecks(`- command: [echo, "\\e[31m\\u202E${'x'.repeat(500)}"]`);
    expect(checks[0]?.name).toMatch(/^command echo \u{FFFD}\[31m\u{FFFD}x+…$/u);
    expect(checks[0]?.name).toHaveLength(80);
  });
});

const KINDS = 'http: …, service: …, prometheus: …, command: …';

test.each<readonly [string, string]>([
  ['http', `is of no kind: write ${KINDS}`],
  ['https://shop.example', `is of no kind: write ${KINDS}`],
  ['', `is of no kind: write ${KINDS}`],
  ['{}', `is of no kind: write ${KINDS}`],
  ['[http]', `is of no kind: write ${KINDS}`],
  ['tcp: x:80', `is of no kind: write ${KINDS}`],
  ['{http: http://x, command: [x]}', 'is of several kinds (http, command): make each a check'],
  ['{http: http://x, contains: ok}', 'contains stands below http'],
  ['{http: http://x, retries: 3}', 'retries is unknown: use name, timeout, interval, threshold'],
  ['{http: http://x, timeout: 5}', 'timeout 5 is no duration: write 5s'],
  ['{http: http://x, timeout: 0s}', 'timeout "0s" is too short: write 100ms or more'],
  ['{http: http://x, timeout: 1h}', 'timeout "1h" is too long: write 10m or less'],
  ['{http: http://x, interval: 2h}', 'interval "2h" is too long: write 60m or less'],
  ['{http: http://x, threshold: 0}', 'threshold 0 is no whole number from 1 to 100'],
  ['{http: http://x, threshold: two}', 'threshold "two" is no whole number from 1 to 100'],
  ['{http: http://x, name: "a\\nb"}', 'name has a line end, control or invisible character: remove it'],
  ['{http: http://x, name: 5}', 'name is 5, not text: put it into quotes'],
  [`{http: http://x, name: ${'n'.repeat(81)}}`, 'name is longer than 80 characters: shorten it'],
])('check %s', async (item, problem) => {
  const { checks, problems } = await readChecks(`- ${item}`);
  expect(problems).toEqual([`verify: check 1: ${problem}`]);
  expect(checks).toEqual([]);
});

const NO_ADDRESS = 'url is no address: write http://… or https://…';

test.each<readonly [string, string, string]>([
  ['http', '', 'is null: write keys (url, status, contains, headers)'],
  ['http', '5', 'is 5: write keys (url, status, contains, headers)'],
  ['http', '{}', 'url is missing'],
  ['http', 'shop.example', NO_ADDRESS],
  ['http', 'ftp://x', NO_ADDRESS],
  ['http', '"http://"', NO_ADDRESS],
  ['http', '"javascript:alert(1)"', NO_ADDRESS],
  ['http', 'https://user:pa55word@x/', 'url holds a user or password: send them as headers: { Authorization: … }'],
  ['http', '{url: "https://pa55word@x/"}', 'url holds a user or password: send them as headers: { Authorization: … }'],
  ['http', '"https://user:pa55word@x y/"', NO_ADDRESS],
  ['http', '"http://x/\\r\\nHost: evil"', 'url has a line end, control or invisible character: remove it'],
  ['http', '{url: http://x, status: 99}', 'status 99 is no whole number from 200 to 599'],
  ['http', '{url: http://x, status: [200, 2xx]}', 'status "2xx" is no whole number from 200 to 599'],
  ['http', '{url: http://x, status: []}', 'status is an empty list: give it a value, or leave it out'],
  ['http', '{url: http://x, contains: 5}', 'contains is 5, not text: put it into quotes'],
  ['http', '{url: http://x, contains: ""}', 'contains is empty: give it a value, or leave it out'],
  ['http', '{url: http://x, timeout: 5s}', 'timeout stands beside http'],
  ['http', '{url: http://x, insecure: true}', 'insecure is unknown: use url, status, contains, headers'],
  ['http', '{url: http://x, headers: Authorization}', 'headers is no map: write name: value lines'],
  ['http', '{url: http://x, headers: {A b: s3cr3t}}', 'headers has a name that HTTP does not allow'],
  ['http', '{url: http://x, headers: {A: "s3cr3t\\r\\nB: c"}}', 'headers has a value that HTTP does not allow: A'],
  ['http', '{url: http://x, headers: {A: [s3cr3t]}}', 'headers has a value that is no text: A'],
  ['http', '{url: http://x, headers: {Content-Length: 0}}', 'headers must leave Content-Length to Rollkey'],
  ['service', 'web', 'port is missing'],
  ['service', '""', 'name is no name of a Service: use a-z, 0-9 and -, at most 63 characters'],
  ['service', 'Web:80', 'name is no name of a Service: use a-z, 0-9 and -, at most 63 characters'],
  ['service', 'https://web/', 'port is neither a number from 1 to 65535 nor the name of a port'],
  ['service', 'web:0', 'port is neither a number from 1 to 65535 nor the name of a port'],
  ['service', 'web:65536', 'port is neither a number from 1 to 65535 nor the name of a port'],
  ['service', 'web:80:90', 'port is neither a number from 1 to 65535 nor the name of a port'],
  ['service', '{name: web, port: 80.5}', 'port is neither a number from 1 to 65535 nor the name of a port'],
  ['service', '{name: web, port: 80, scheme: ftp}', 'scheme "ftp" is unknown: use http, https'],
  ['service', '{name: web, port: 80, path: healthz}', 'path is no path: begin it with /, and encode spaces as %20'],
  ['service', '{name: web, port: 80, path: "/a b"}', 'path is no path: begin it with /, and encode spaces as %20'],
  ['service', 'web:80/../../../secrets/x', 'path must not hold . or .. or #'],
  ['service', 'web:80/%2e%2E/x', 'path must not hold . or .. or #'],
  ['service', 'web:80/a%2f..%2fb', 'path must not hold . or .. or #'],
  ['service', '{name: web, port: 80, path: "/a#b"}', 'path must not hold . or .. or #'],
  [
    'service',
    '{name: web, port: 80, namespace: prod}',
    'namespace is unknown: use name, port, path, scheme, status, contains',
  ],
  ['prometheus', 'http://user:pa55word@p', 'is text: write keys (url, query, below, above, headers)'],
  ['prometheus', '{url: http://p, below: 1}', 'query is missing'],
  ['prometheus', '{url: http://p, query: up}', 'has no limit: write below, above or both'],
  ['prometheus', '{url: http://p, query: up, below: "1"}', 'below "1" is no number: write it without quotes'],
  ['prometheus', '{url: http://p, query: up, below: .inf}', 'below Infinity is no number: write it without quotes'],
  ['prometheus', '{url: http://p, query: up, below: 1, above: 1}', 'nothing is above 1 and below 1: swap them'],
  ['prometheus', '{url: http://p, query: "", below: 1}', 'query is empty: give it a value, or leave it out'],
  ['command', './smoke.sh --fast', 'argv is no list: write [./smoke.sh, --fast], since no shell takes it apart'],
  ['command', '', 'argv is empty: give it a value, or leave it out'],
  ['command', '[]', 'argv is an empty list: give it a value, or leave it out'],
  ['command', '[""]', 'argv begins with no name of a program'],
  ['command', '["\\"x\\""]', 'argv begins with no name of a program'],
  ['command', '["x\\\\"]', 'argv begins with no name of a program'],
  ['command', '[x, [y]]', 'argv has an item that is no text: quote it'],
  ['command', '[x, "a\\0b"]', 'argv has an item with a NUL character'],
  ['command', `[x, ${'y'.repeat(50_001)}]`, 'argv is too long: put it into a script'],
  ['command', '{environment: {A: b}}', 'argv is missing'],
  [
    'command',
    '{argv: [x], environment: {A-B: c}}',
    'environment has a name with other signs than letters, digits and _',
  ],
  ['command', '{argv: [x], environment: {ROLLKEY_RELEASE: 9}}', 'environment must leave ROLLKEY_RELEASE to Rollkey'],
  ['command', '{argv: [x], environment: {A: "b\\0"}}', 'environment has a value with a NUL character: A'],
  ['command', '{argv: [x], shell: bash}', 'shell is unknown: use argv, environment'],
])('%s: %s', async (kind, settings, problem) => {
  const { checks, problems } = await readChecks(`- ${kind}: ${settings}`);
  expect(problems).toEqual([`verify: check 1 (${kind}): ${problem}`]);
  expect(checks).toEqual([]);
  expect(problems.join()).not.toMatch(/s3cr3t|pa55word/);
});

test('every check is looked at, and everything that is wrong is said at once', async () => {
  const { problems } = await readChecks('- http: x\n  timeout: x\n- service: web:80\n- command: x\n- {}\n');
  expect(problems.map((problem) => problem.split(':')[1])).toEqual([
    ' check 1',
    ' check 1 (http)',
    ' check 3 (command)',
    ' check 4',
  ]);
});

test('a list is asked for', async () => {
  expect((await readChecks('http: http://user:pa55word@x')).problems).toEqual([
    'verify is a map: write a list, each check behind a dash',
  ]);
  expect((await readChecks('http://user:pa55word@x')).problems).toEqual([
    'verify is text: write a list, each check behind a dash',
  ]);
  expect((await readChecks('- x\n'.repeat(51))).problems).toEqual(['verify has 51 checks: use 50 or fewer']);
});

test('names tell checks apart', async () => {
  const { problems } = await readChecks(
    '- http: http://x\n- http: https://x\n- {command: [y], name: http x/}\n- command: [z]',
  );
  expect(problems).toEqual(['verify: two checks are named "http x/": give each a name of its own']);
});

test.each(Object.entries(HOSTILE_YAML))('%s does no harm', async (_what, text) => {
  for (const input of [text, `- ${text.replaceAll('\n', '\n  ')}`, `- http:\n    ${text.replaceAll('\n', '\n    ')}`]) {
    const { checks, problems } = await readChecks(input);
    expect(checks).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(10);
    for (const problem of problems) expect(problem).toMatch(/^verify[^\p{Cc}\p{Cs}]{1,300}$/u);
  }
});
