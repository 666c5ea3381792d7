import { isAbsolute, join } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { errorMessage, InputError } from '../errors.ts';
import type { KubeconfigText } from './kubeconfig-source.ts';
import { oneLine } from './one-line.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The parts of a kubeconfig file that count, in its own spelling. */
export interface KubeconfigDocument {
  readonly 'current-context': string | undefined;
  readonly clusters: readonly Fields[];
  readonly users: readonly Fields[];
  readonly contexts: readonly Fields[];
}

/**
 * Parses kubeconfigs and merges them as client-go does: the first to set a name or the current context wins, relative
 * paths start from their own file. Throws InputError, never with a piece of the content in it.
 */
export function parseKubeconfigs(texts: readonly KubeconfigText[]): KubeconfigDocument {
  const documents = texts.map(parse);
  const merge = (list: 'clusters' | 'users' | 'contexts') =>
    documents.flatMap((document) => document[list]).filter(firstOfItsName);
  return {
    'current-context': documents.map((document) => document['current-context']).find(Boolean),
    clusters: merge('clusters'),
    users: merge('users'),
    contexts: merge('contexts'),
  };
}

function parse({ text, folder }: KubeconfigText): KubeconfigDocument {
  const document = parseYaml(text);
  if (typeof document === 'string') {
    throw new InputError(['kubeconfig: it is one piece of text; if it is base64, decode it first']);
  }
  if (!isFields(document))
    throw new InputError(['kubeconfig: it holds no clusters, users and contexts; check its content']);
  const current = document['current-context'];
  return {
    'current-context': typeof current === 'string' ? current : undefined,
    clusters: entries(document['clusters']).map((entry) => ({
      ...entry,
      cluster: withPaths(entry['cluster'], ['certificate-authority'], folder),
    })),
    users: entries(document['users']).map((entry) => ({ ...entry, user: withUserPaths(entry['user'], folder) })),
    contexts: entries(document['contexts']),
  };
}

function parseYaml(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    // The message of a YAMLException shows the lines around the mistake, and these may hold a key.
    const where = error instanceof YAMLException && error.mark ? ` in line ${error.mark.line + 1}` : '';
    const why = error instanceof YAMLException ? error.reason : errorMessage(error);
    throw new InputError([`kubeconfig: not YAML (${oneLine(why)}${where}); check its content`]);
  }
}

function withUserPaths(user: unknown, folder: string): unknown {
  const fields = withPaths(user, ['client-certificate', 'client-key', 'tokenFile'], folder);
  if (!isFields(fields)) return fields;
  const { tokenFile, exec, ...rest } = fields;
  return {
    ...rest,
    // The library knows `tokenFile` only as it writes it for a pod's own service account.
    ...(tokenFile === undefined
      ? {}
      : { token: undefined, 'auth-provider': { name: 'tokenFile', config: { tokenFile } } }),
    ...(exec === undefined ? {} : { exec: withCommandPath(exec, folder) }),
  };
}

function withCommandPath(exec: unknown, folder: string): unknown {
  const command = isFields(exec) ? exec['command'] : undefined;
  return typeof command === 'string' && command.includes('/') ? withPaths(exec, ['command'], folder) : exec;
}

function withPaths(value: unknown, names: readonly string[], folder: string): unknown {
  if (!isFields(value)) return value;
  const paths = names.flatMap((name) => {
    const path = value[name];
    return typeof path === 'string' && path !== '' && !isAbsolute(path) ? [[name, join(folder, path)]] : [];
  });
  return { ...value, ...Object.fromEntries(paths) };
}

function entries(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstOfItsName(entry: Fields, index: number, list: readonly Fields[]): boolean {
  return list.findIndex(({ name }) => name === entry['name']) === index;
}
