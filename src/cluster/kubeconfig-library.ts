export { KubeConfig } from '@kubernetes/client-node/dist/config.js';
