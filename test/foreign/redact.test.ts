import { describe, expect, test } from '@jest/globals';
import { redact, redactLines } from '../../src/foreign/redact.ts';

// Put together here, so that no scanner takes this file for a leak.
const GITHUB = `ghp_${'a1B2'.repeat(9)}`;
const AWS = `AKIA${'IOSFODNN7EXAMPLE'}`;
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'].join('.');
const BASE64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const BEGIN = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
const END = '-----END PRIVATE KEY-----';

test.each([
  ['a GitHub token', `using ${GITHUB} to clone`, 'using *** to clone'],
  ['a fine-grained one', `github_pat_${'11ABC_d'.repeat(8)}`, '***'],
  ['one of an app', `gho_${'Zz09'.repeat(9)}.`, '***'],
  ['an AWS key id', `key ${AWS} denied`, 'key *** denied'],
  ['a Slack token', `xoxb-${'1234567890-'.repeat(3)}abc`, '***'],
  ['a JSON Web Token', `got ${JWT}!`, 'got ***!'],
  ['a header', 'authorization: Bearer abc', 'authorization: Bearer ***'],
  ['a header in JSON', '{"Authorization":"Basic dTpw","a":1}', '{"Authorization":"Basic ***","a":1}'],
  ['a header without a scheme', 'Authorization=abcdef', 'Authorization=***'],
  ['a bearer by itself', 'sent Bearer 4f9a.x-y_z', 'sent Bearer ***'],
  ['basic credentials by themselves', 'Basic dXNlcjpwYXNzd29yZA==', 'Basic ***'],
  ['a cookie, to the end', 'Set-Cookie: sid=1; theme=dark', 'Set-Cookie: ***'],
  ['a URL', 'postgres://shop:s3cr@t@db:5432/shop', 'postgres://***@db:5432/shop'],
  ['a URL with a token alone', `https://${GITHUB}@github.com/a/b`, 'https://***@github.com/a/b'],
  ['an assignment', 'DB_PASSWORD=hunter2 retrying', 'DB_PASSWORD=*** retrying'],
  ['a property', 'spring.datasource.password: hunter2', 'spring.datasource.password: ***'],
  ['JSON', '{"dbPassword": "a \\"b\\" c", "port": 5}', '{"dbPassword": ***, "port": 5}'],
  [
    'JSON in JSON',
    '{"msg":"{\\"secret\\":\\"x y\\",\\"a\\":1}"}',
    '{"msg":"{\\"secret\\":***"'.concat(',\\"a\\":1}"}'),
  ],
  ['quotes that do not close', "passwd='a b c", 'passwd=***'],
  ['Ruby', ':api_key => "abc"', ':api_key => ***'],
  ['a query', '/login?token=abc&user=mona', '/login?token=***&user=mona'],
  ['a connection string', 'Server=db;Password=a;SharedAccessKey=b=;', 'Server=db;Password=***;SharedAccessKey=***;'],
  ['a flag', 'app --db-password hunter2 --port 5', 'app --db-password *** --port 5'],
  ['an AWS secret', 'aws_secret_access_key = wJalrXUtnFEMI/K7', 'aws_secret_access_key = ***'],
  ['a capital one', 'SECRET_KEY_BASE=0123abc', 'SECRET_KEY_BASE=***'],
  ['DB_PASS', 'DB_PASS=x', 'DB_PASS=***'],
  ['a key in base64', `key-file ${BASE64}`, 'key-file ***'],
  ['a key of a kubeconfig', `client-x: LS0tLS1CRUdJTi${'BSU0EgUFJJVkFURSB'.repeat(3)}=`, 'client-x: ***'],
  ['a private key in one line', `loaded ${BEGIN}\\n${BASE64}\\n${END}`, '***'],
])('%s is taken out', (_, line, expected) => {
  expect(redactLines([line])).toEqual([expected]);
});

test.each([
  `sha256:${'9f86d081884c7d65'.repeat(4)}`,
  `docker://registry.example.com:5000/shop/web@sha256:${'9f86d081884c7d65'.repeat(4)}`,
  'commit 4fa3070d2f0c1d3bafe1c9d1d1c7a0f3e2b1a0c9',
  `cache key: ${'9f86d081884c7d65'.repeat(4)}`,
  'pod 7f9c24e8-3b12-4f8e-9c1d-2b6f0a1e5d43',
  'web-6d4cf56db6-2xk7p',
  'token-service-6d4cf56db6-2xk7p: started',
  'password authentication failed for user "shop"',
  'secret "db-credentials" not found',
  "couldn't find key password in Secret shop/db",
  'references non-existent secret key: url',
  'MountVolume.SetUp failed for volume "certs" : secret "tls" not found',
  'Basic authentication required',
  'the bearer of bad news',
  'password=undefined',
  'token: null',
  'token: expired at 12:00',
  'max_tokens: 512',
  'http://example.com:8080/img@2x.png',
  'https://registry.example.com/v2/shop/web/manifests/1.1',
  'listening on http://[::1]:8080',
  'mona@example.com',
  'compass: north, bypass=1',
  'Error: boom',
])('%s stays', (line) => {
  expect(redactLines([line])).toEqual([line]);
});

describe('a private key over several lines', () => {
  const key = [BASE64, BASE64, 'c2hvcnQ='];
  test.each([
    ['whole', ['a', BEGIN, ...key, END, 'b'], ['a', '***', '***', '***', '***', '***', 'b']],
    ['whose end is missing', ['a', BEGIN, ...key], ['a', '***', '***', '***', '***']],
    ['whose beginning is missing', ['a', BASE64, BASE64, END, 'b'], ['a', '***', '***', '***', 'b']],
    ['with something before each line', [`1 ${BASE64}`, `2 ${END}`, '3 b'], ['***', '***', '3 b']],
  ])('%s', (_, lines, expected) => {
    expect(redactLines(lines)).toEqual(expected);
  });

  test('a certificate is none', () => {
    const certificate = ['-----BEGIN CERTIFICATE-----', BASE64, '-----END CERTIFICATE-----'];
    expect(redactLines(certificate)).toEqual(certificate);
  });
});

test('what is known to be secret is taken out as it is, the longest first, each line of it', () => {
  const secrets = ['first line\nsecond line', 'aaaaaa', 'aaaaaabbb', 'ab', ''];
  expect(redactLines(['x first line', 'second line y', 'aaaaaabbb aaaaaa ab'], secrets)).toEqual([
    'x ***',
    '*** y',
    '*** *** ab',
  ]);
});

describe('of a secret that is known, what a cut leaves of it', () => {
  const SECRET = 'zq8Kf02mVtYw5LbN7xRc1DgHs4PjUe9A';
  const start = (length: number) => SECRET.slice(0, length);
  test.each([
    ['at the end', `sent ${start(31)}`, 'sent ***'],
    ['its shortest at the end', `sent ${start(12)}`, 'sent ***'],
    ['its shortest before an ellipsis', `sent ${start(6)}…`, 'sent ***…'],
    ['before an ellipsis', `sent ${start(9)}…`, 'sent ***…'],
    [
      'before one within the line',
      `"sent ${start(9)}…", 3 restarts, ${start(12)}… again`,
      '"sent ***…", 3 restarts, ***… again',
    ],
    ['right behind something', `x=${start(20)}…`, 'x=***…'],
    ['that begins like itself', `zq8Kf0${start(12)}`, 'zq8Kf0***'],
    ['cut where no more is searched', `${'x'.repeat(4080)}${SECRET}`, `${'x'.repeat(4080)}***`],
    ['behind the whole of it', `${SECRET} and ${start(13)}`, '*** and ***'],
  ])('%s', (_, line, expected) => {
    expect(redact(line, ['another-secret', SECRET])).toBe(expected);
  });

  test.each([
    ['too little to tell', `sent ${start(11)}`],
    ['too little before an ellipsis', `sent ${start(5)}…`],
    ['in the middle', `sent ${start(20)} to the bank`],
    ['that only looks alike', `sent ${start(9)}x…`],
  ])('stays where it is %s', (_, line) => {
    expect(redact(line, [SECRET])).toBe(line);
  });

  test('of a short secret, nearly all of it is enough at the end', () => {
    expect(redact('sent Pa55word1', ['Pa55word12'])).toBe('sent ***');
    expect(redact('1.1 may not enter production', ['production-eu-1'])).toBe('1.1 may not enter production');
  });

  test('searching for it costs little', () => {
    const secrets = [
      'a'.repeat(5000),
      `${'a'.repeat(4000)}b`,
      ...Array.from({ length: 50 }, (_, count) => `aaaaaa${count}`),
    ];
    const begin = performance.now();
    for (const line of ['a', 'a…', 'aaaaaaaaa…', 'ab', '…']) redact(line.repeat(4096), secrets);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});

test.each([
  ['one letter', 'a'],
  ['keys', 'password'],
  ['assignments', 'password="'],
  ['backslashes', 'token=\\"'],
  ['token beginnings', 'eyJ-'],
  ['token parts', 'eyJaaaaaaaa.'],
  ['URL beginnings', 'a://'],
  ['user names', 'a://b@'],
  ['Bearer', 'Bearer '],
  ['Authorization', 'authorization: '],
  ['private keys', `${BEGIN}\n`],
  ['base64', BASE64],
  ['key words', 'key-'],
  ['flags', '--a-'],
  ['hyphens', '-'],
  ['cookies', 'cookie: '],
  ['spaces', ' '],
])('a megabyte of %s costs little', (_, piece) => {
  const line = piece.repeat(Math.ceil(1_000_000 / piece.length));
  const begin = performance.now();
  expect(redact(line).length).toBeLessThanOrEqual(8192);
  redactLines(line.slice(0, 25 * 4096).split('\n'));
  expect(performance.now() - begin).toBeLessThan(1_000);
});
