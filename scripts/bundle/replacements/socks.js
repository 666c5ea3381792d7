// KubeConfig uses the bare SOCKS client only for undici; see undici.js.
export const SocksClient = {
  createConnection() {
    throw new Error('the SOCKS connector for undici is not part of this bundle');
  },
};
