import { type ClusterClock, createClusterClock } from './cluster-clock.ts';
import type { ControlPlane } from './controllers/control-plane.ts';
import { startControllers } from './controllers/controller-loop.ts';
import { createDaemonSetController } from './controllers/daemon-set-controller.ts';
import { createDeploymentController } from './controllers/deployment-controller.ts';
import { createDisruptionController } from './controllers/disruption-controller.ts';
import { createEventRecorder } from './controllers/event-recorder.ts';
import { createGarbageCollector } from './controllers/garbage-collector.ts';
import { markReachable, markUnreachable } from './controllers/node-lifecycle.ts';
import { createReplicaSetController } from './controllers/replica-set-controller.ts';
import { createResourceQuotaController } from './controllers/resource-quota-controller.ts';
import { createStatefulSetController } from './controllers/stateful-set-controller.ts';
import { templateHash } from './controllers/template-hash.ts';
import { createImageScript, firstNode, type ImageScript } from './kubelet/image-script.ts';
import { fastTimings, type KubeletTimings, startKubelet } from './kubelet/kubelet.ts';
import { nodeDraft, ownTaint } from './kubelet/node.ts';
import { resources } from './model/resource.ts';
import { createAdmission } from './registry/admission.ts';
import { createRemove } from './registry/deletion.ts';
import { createRegistry } from './registry/registry.ts';
import { startApiServer } from './server/api-server.ts';
import { createIdentities } from './server/authentication.ts';
import { createCertificate } from './server/certificate.ts';
import { kubeconfigFor } from './server/kubeconfig.ts';
import { createRequestFaults, type Fault, type RequestMatch } from './server/request-faults.ts';
import type { RequestRecord } from './server/request-log.ts';
import { createRoutes } from './server/routes.ts';
import { createWatches, type Watches } from './server/watch-stream.ts';
import { createObjectStore } from './store/object-store.ts';
import { createTestAccess, type TestAccess } from './test-access.ts';

export interface ClusterOptions {
  /** Namespaces to create beside `default`. */
  readonly namespaces?: readonly string[];
  /** How many times as fast as real time the cluster's own time runs. */
  readonly timeScale?: number;
  readonly timings?: Partial<KubeletTimings>;
  /** How many changes a watch can look back on before it is answered 410. */
  readonly watchHistory?: number;
  /** Names of fields this cluster knows that Kubernetes 1.35 does not. */
  readonly extraFields?: readonly string[];
  /** Replaces the pod-template-hash, to force collisions. */
  readonly templateHash?: ControlPlane['templateHash'];
}

export interface EmbeddedCluster {
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** The certificate authority, as base64 of its PEM. */
  readonly caData: string;
  /** The administrator's kubeconfig as YAML, its context in namespace `default`. */
  readonly kubeconfig: string;
  /** A kubeconfig for a token, with the namespace of its context. */
  readonly kubeconfigFor: (token: string, namespace?: string) => string;
  /** A new bearer token for a user; its rights come from Roles and RoleBindings created through the API. */
  readonly tokenFor: (user: string, groups?: readonly string[]) => string;
  readonly revokeToken: (token: string) => void;
  /** Reads and writes objects at once, as the administrator, without HTTP. */
  readonly objects: TestAccess;
  readonly images: ImageScript;
  readonly clock: ClusterClock;
  /** Every request since the start, in the order they came. */
  readonly requests: readonly RequestRecord[];
  readonly watches: Pick<Watches, 'count' | 'closeAll' | 'expireAll' | 'silence'>;
  /** Forgets what changed so far: a watch from an older resourceVersion is answered 410. */
  readonly compact: () => void;
  readonly controllers: { readonly pause: () => void; readonly resume: () => void };
  /** Adds a node, once by its name, that only pods go to that tolerate `rollkey.test/node=<name>`; it lacks the images `local`. */
  readonly addNode: (name: string) => void;
  /** Takes a node's kubelet down, and lets the controllers notice at once; `startNode` brings it up again. */
  readonly stopNode: (name: string) => void;
  readonly startNode: (name: string) => void;
  /** Has the admission webhook of a namespace fail for its next new pods, as `Internal error occurred: <message>`. */
  readonly failWebhook: (namespace: string, times: number, message: string) => void;
  /** Does something to the next `times` requests that match, before they are served; returns how to call it off. */
  readonly beforeRequest: (match: RequestMatch, fault: Fault, times?: number) => () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a cluster in this process: an API server on a free port, its controllers, and a node that plays images by script. */
export const startCluster = async (options: ClusterOptions = {}): Promise<EmbeddedCluster> => {
  const clock = createClusterClock(options.timeScale ?? 1);
  const store = createObjectStore(options.watchHistory ?? 10_000);
  const admission = createAdmission(store);
  const registry = createRegistry(store, clock, admission, options.extraFields ?? []);
  const remove = createRemove(store, registry, clock);
  const recordEvent = createEventRecorder(registry, clock);
  const plane: ControlPlane = {
    registry,
    clock,
    remove,
    recordEvent,
    templateHash: options.templateHash ?? templateHash,
  };
  const images = createImageScript();
  const controllers = startControllers(store, clock, [
    createDeploymentController(plane),
    createReplicaSetController(plane),
    createStatefulSetController(plane),
    createDaemonSetController(plane),
    createResourceQuotaController(plane),
    createDisruptionController(plane),
    createGarbageCollector(plane),
  ]);
  const kubelet = startKubelet(plane, store, images, { ...fastTimings, ...options.timings });
  registry.create(resources.nodes, '', nodeDraft(firstNode), { manager: 'kubelet' });
  for (const name of ['default', ...(options.namespaces ?? [])])
    registry.create(resources.namespaces, '', { metadata: { name } }, { manager: 'kube-apiserver' });

  const identities = createIdentities();
  const faults = createRequestFaults();
  const watches = createWatches(store, clock);
  const certificate = await createCertificate();
  const route = createRoutes({ store, registry, remove, watches, clock }, images);
  const api = await startApiServer({ certificate, identities, faults, clock, route });
  const caData = Buffer.from(certificate.cert).toString('base64');
  const kubeconfig = (token: string, namespace = 'default') => kubeconfigFor(api.url, caData, token, namespace);

  return {
    server: api.url,
    caData,
    kubeconfig: kubeconfig(identities.tokenFor('admin', ['system:masters'])),
    kubeconfigFor: kubeconfig,
    tokenFor: identities.tokenFor,
    revokeToken: identities.revoke,
    objects: createTestAccess(store, registry, remove),
    images,
    clock,
    requests: api.requests,
    watches,
    compact: () => store.compact(store.revision()),
    controllers,
    addNode: (name) => {
      if (registry.find({ resource: resources.nodes, namespace: '', name }) !== undefined) return;
      registry.create(resources.nodes, '', nodeDraft(name, [ownTaint(name)]), { manager: 'kubelet' });
    },
    stopNode: (name) => {
      kubelet.silence(name);
      markUnreachable(plane, name);
    },
    startNode: (name) => {
      kubelet.wake(name);
      markReachable(plane, name);
    },
    failWebhook: admission.failWebhook,
    beforeRequest: faults.beforeRequest,
    stop: async () => {
      controllers.stop();
      kubelet.stop();
      clock.stop();
      watches.closeAll();
      await api.stop();
    },
  };
};
