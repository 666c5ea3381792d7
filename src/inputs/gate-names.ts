import { DEFAULT_SCOPE, GATE_ENVIRONMENT } from '../gate/task.ts';
import { type Trust, WORKFLOWS_LOGIN } from '../gate/trust.ts';
import { showRelease, UNPRINTABLE } from '../release/release-text.ts';

/** GitHub's own limit (https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments). */
const LONGEST_ENVIRONMENT = 255;
/** With a release's key, the task of a record stays below 100 characters. */
const SCOPE = /^[\w.-]{1,36}$/;
/** `octocat`, `octocat_corp` of a managed user, `my-app[bot]`. */
const LOGIN = /^[a-z0-9][\w-]{0,99}(\[bot\])?$/i;

/** What is wrong with the name of an environment; undefined for a good one and for none. */
export function environmentProblem(input: string, name: string): string | undefined {
  if (name === '') return undefined;
  const [shown, length] = [`${input} "${showRelease(name)}"`, Array.from(name).length];
  if (name.search(UNPRINTABLE) !== -1) return `${shown} has a line end, control or invisible character: remove it`;
  if (name.trim() !== name) return `${shown} begins or ends with a space: remove it`;
  if (length > LONGEST_ENVIRONMENT)
    return `${shown} has ${length} characters: GitHub allows ${LONGEST_ENVIRONMENT} or fewer`;
  return name.toLowerCase() === GATE_ENVIRONMENT
    ? `${shown} holds the gate's own records: name the environment that the release runs in`
    : undefined;
}

/** The scope that an input names, the default for none; `problems` is one line that says what to do, or nothing. */
export function parseScope(text: string): { readonly scope: string; readonly problems: readonly string[] } {
  if (text === '' || SCOPE.test(text)) return { scope: text || DEFAULT_SCOPE, problems: [] };
  const problem = `scope "${showRelease(text)}" cannot be used: use A-Z, a-z, 0-9, -, _ and ., at most 36 characters`;
  return { scope: '', problems: [problem] };
}

/** Logins out of a list with commas or lines, the workflows' own for an empty one. */
export function parseTrustedWriters(text: string): { readonly trust: Trust; readonly problems: readonly string[] } {
  const logins = text
    .split(/[,\r\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const wrong = logins.filter((login) => !LOGIN.test(login));
  return {
    trust: logins.length === 0 ? [WORKFLOWS_LOGIN] : [...new Set(logins)],
    problems: wrong.map(
      (login) => `trusted-writers: "${showRelease(login)}" is no login: write octocat, or my-app[bot] for an App`,
    ),
  };
}
