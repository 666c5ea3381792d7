/** What a request is about, as `RequestInfo` of the API server's machinery sees it. */
export interface ResourceRequest {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows `/proxy` in a service proxy's path. */
  readonly rest: string;
}

/** Reads method, path and query; undefined where the path names no resource (discovery, version, health). */
export const parseRequest = (method: string, path: string, query: URLSearchParams): ResourceRequest | undefined => {
  const [root, ...parts] = path.split('/').filter((part) => part !== '');
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : (parts.shift() ?? '');
  const version = parts.shift() ?? '';
  if (parts.length === 0) return undefined;
  const namespaced = parts[0] === 'namespaces' && parts.length > 2;
  const namespace = namespaced ? decodeURIComponent(parts[1] ?? '') : '';
  const [plural = '', name = '', subresource = '', ...rest] = namespaced ? parts.slice(2) : parts;
  const decoded = decodeURIComponent(name);
  return {
    verb: verbOf(method, name, query),
    group,
    version,
    plural,
    namespace,
    name: decoded || nameInSelector(query),
    subresource,
    rest: `/${rest.join('/')}`,
  };
};

const verbOf = (method: string, name: string, query: URLSearchParams): string => {
  if (method === 'POST') return 'create';
  if (method === 'PUT') return 'update';
  if (method === 'PATCH') return 'patch';
  if (method === 'DELETE') return name === '' ? 'deletecollection' : 'delete';
  if (['true', '1'].includes(query.get('watch') ?? '')) return 'watch';
  return name === '' ? 'list' : 'get';
};

/** A list or watch narrowed to `metadata.name` counts as naming that object, so that `resourceNames` can allow it. */
const nameInSelector = (query: URLSearchParams): string =>
  /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
