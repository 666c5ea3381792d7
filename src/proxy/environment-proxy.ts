import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The URL of the proxy that the environment names for `server`, as kubectl reads it (golang.org/x/net/http/httpproxy):
 * HTTPS_PROXY or HTTP_PROXY by the server's scheme, less NO_PROXY and this machine itself.
 */
export function environmentProxy(server: string, environment: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const secure = protocol === 'https:';
  const proxy = variable(environment, secure ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === '') return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const exceptions = ['localhost', '127.0.0.0/8', '::1', ...variable(environment, 'NO_PROXY').split(',')];
  if (exceptions.some((exception) => excepts(exception.trim().toLowerCase(), host, port || (secure ? '443' : '80')))) {
    return undefined;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function variable(environment: Environment, name: string): string {
  return (environment[name] || environment[name.toLowerCase()] || '').trim();
}

function excepts(exception: string, host: string, port: string): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  const [, network = '', prefix = ''] = /^([^/]+)\/(\d+)$/.exec(exception) ?? [];
  if (network !== '') return inSubnet(host, network, Number(prefix));
  const [, name = exception, onlyPort] = /^\[?(.+?)\]?:(\d+)$/.exec(isIP(exception) === 6 ? '' : exception) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (name === domain && host === domain);
}

function inSubnet(host: string, network: string, prefix: number): boolean {
  const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(host) === 0 || isIP(network) === 0 || prefix > (isIP(network) === 6 ? 128 : 32)) return false;
  const subnet = new BlockList();
  subnet.addSubnet(network, prefix, family(network));
  return subnet.check(host, family(host));
}
