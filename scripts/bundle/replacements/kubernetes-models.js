// KubeConfig needs the generated models and clients (16 MB) only in makeApiClient; requests here carry raw JSON.
export function createConfiguration() {
  throw new Error('the generated Kubernetes clients are not part of this bundle');
}

export function ServerConfiguration() {
  throw new Error('the generated Kubernetes clients are not part of this bundle');
}

export function setHeaderMiddleware() {
  throw new Error('the generated Kubernetes clients are not part of this bundle');
}
