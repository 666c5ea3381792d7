import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { closedBy } from '../../src/gate/rule.ts';
import { type Standing, standingOf } from '../../src/gate/standing.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { type Answer, refusal } from '../../src/github/refusal.ts';
import { createBoardLog } from '../gate/board-log.ts';

const page = readFileSync('docs/gate.md', 'utf8');
/** What the table says that is said; `…` stands for anything. */
const lines = [...page.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)]);
const patterns = lines.map(
  ([, line = '']) =>
    new RegExp(
      line
        .split('…')
        .map((part) => escaped(part.trim()))
        .join('.*'),
    ),
);

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const SUBJECT = { scope: 'default', release: '1.1' };

/** Why the gate is closed by the one record that a payload makes. */
function closedWith(payload: unknown, written = { creator: WORKFLOWS_LOGIN, app: 'github-actions' }): string {
  const log = createBoardLog();
  log.put({ id: 4711, ...written, payload });
  return why(standingOf(SUBJECT, log.records(), [WORKFLOWS_LOGIN]));
}

function why(standing: Standing): string {
  return standing.kind === 'clear' ? '' : closedBy('1.1', standing).why;
}

function blocked(): string {
  const log = createBoardLog();
  log.blocked('1.1');
  return why(standingOf(SUBJECT, log.records(), [WORKFLOWS_LOGIN]));
}

function deleted(): string {
  const log = createBoardLog();
  return why(standingOf(SUBJECT, log.records(), [WORKFLOWS_LOGIN], [4711]));
}

function refused(status: number, headers: Answer['headers'] = {}): string {
  const asked = {
    access: 'read',
    needs: 'read',
    permission: 'deployments',
    repository: 'octo/shop',
    apiUrl: 'https://api.github.com',
    token: 't',
    now: 0,
  } as const;
  return refusal({ status, headers, data: {} }, asked).error.message;
}

test.each([
  ['a block', blocked()],
  ['no object', closedWith('text')],
  ['an unknown kind', closedWith({ v: 1, kind: 'other' })],
  ['a garbled field', closedWith({ v: 1, kind: 'release-block' })],
  ['another version', closedWith({ v: 2 })],
  ['another writer', closedWith({}, { creator: 'mallory', app: '' })],
  ['another App', closedWith({}, { creator: WORKFLOWS_LOGIN, app: 'other' })],
  ['a deleted record', deleted()],
  ['a missing right', refused(403)],
  ['a bad token', refused(401)],
  ['another repository', refused(404)],
  ['a limit', refused(429)],
  ['an error of GitHub', refused(502)],
])('docs/gate.md has what is said of %s', (_, said) => {
  expect(said).not.toBe('');
  expect(patterns.filter((pattern) => pattern.test(said)).map(String)).not.toEqual([]);
});
