function unreachable(what) {
  function refuse() {
    throw new Error(`${what} is not part of this bundle`);
  }
  return refuse;
}

// KubeConfig builds undici agents, over SOCKS too, for the generated API clients alone; requests here go over node:tls,
// and src/cluster/kubeconfig.ts refuses a SOCKS proxy-url.
const undici = unreachable('undici');
const socks = unreachable('the SOCKS client');

export { socks as SocksClient, socks as SocksProxyAgent, undici as Agent, undici as ProxyAgent };

// The generated models and clients (16 MB) belong to KubeConfig's makeApiClient; requests here carry raw JSON.
const clients = unreachable('the generated Kubernetes client');

export { clients as createConfiguration, clients as ServerConfiguration, clients as setHeaderMiddleware };

// @actions/core brings an HTTP client, and with it undici, for getIDToken alone; programs that it starts for `platform`.
export const OidcClient = { getIDToken: unreachable('getIDToken') };
