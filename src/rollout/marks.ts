/** Keys that name a release, or that Kubernetes adds to a template; the same words everywhere. */
export const CHANGE_CAUSE = 'kubernetes.io/change-cause';
/** On the pod template: born with the bits, so it cannot be put on other bits afterwards. */
export const RELEASE_STAMP = 'rollkey.dev/release';
/** What `kubectl rollout restart` writes, too. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
export const POD_TEMPLATE_HASH = 'pod-template-hash';
/** On the pods of StatefulSets and DaemonSets: which revision they are of. */
export const CONTROLLER_REVISION_HASH = 'controller-revision-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
