// Few clusters are reached through SOCKS: its libraries are loaded by the first request that is.
import { Agent } from 'node:https';

export class SocksProxyAgent extends Agent {
  constructor(proxyUrl, options) {
    super(options);
    this.load = async () => {
      const library = await import('socks-proxy-agent');
      return new library.SocksProxyAgent(proxyUrl, { ...options, keepAlive: this.keepAlive });
    };
  }

  addRequest(request, options) {
    this.agent ??= this.load();
    this.agent.then(
      (agent) => agent.addRequest(request, { ...options, secureEndpoint: request.protocol === 'https:' }),
      (error) => request.destroy(error),
    );
  }

  destroy() {
    super.destroy();
    this.agent?.then(
      (agent) => agent.destroy(),
      () => {},
    );
  }
}
