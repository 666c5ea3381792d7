// The deep import leaves out the generated models: 16 MB that only the library's own API clients need.
export { KubeConfig } from '@kubernetes/client-node/dist/config.js';
