// KubeConfig builds undici agents only in applySecurityAuthentication, for the generated API clients; requests here go through node:https.
export function Agent() {
  throw new Error('undici is not part of this bundle');
}

export function ProxyAgent() {
  throw new Error('undici is not part of this bundle');
}
