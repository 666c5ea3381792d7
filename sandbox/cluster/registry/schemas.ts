/** The fields of an object or of the items of a list; `true` where what is below is not looked at. */
export interface Schema {
  readonly [field: string]: Schema | true;
}

const fields = (names: string): Schema => Object.fromEntries(names.split(/\s+/).map((name) => [name, true]));

const meta = fields(`name generateName namespace uid resourceVersion generation creationTimestamp deletionTimestamp
  deletionGracePeriodSeconds labels annotations ownerReferences finalizers managedFields selfLink`);

const container: Schema = {
  ...fields(`args command env envFrom image imagePullPolicy lifecycle livenessProbe name readinessProbe resizePolicy
    resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath
    terminationMessagePolicy tty volumeDevices volumeMounts workingDir`),
  ports: fields('containerPort hostIP hostPort name protocol'),
};

const podSpec: Schema = {
  ...fields(`activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks
    ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride imagePullSecrets nodeName nodeSelector
    os overhead preemptionPolicy priority priorityClassName readinessGates resourceClaims resources restartPolicy
    runtimeClassName schedulerName schedulingGates securityContext serviceAccount serviceAccountName setHostnameAsFQDN
    shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes
    workloadRef`),
  containers: container,
  initContainers: container,
};

const template: Schema = { metadata: meta, spec: podSpec };
const root: Schema = { apiVersion: true, kind: true, metadata: meta, status: true };

/** What Kubernetes 1.35 knows of the kinds that carry a pod template. */
export const schemas = {
  deployment: {
    ...root,
    spec: {
      ...fields('minReadySeconds paused progressDeadlineSeconds replicas revisionHistoryLimit selector'),
      strategy: { type: true, rollingUpdate: fields('maxSurge maxUnavailable') },
      template,
    },
  },
  statefulSet: {
    ...root,
    spec: {
      ...fields(`minReadySeconds ordinals persistentVolumeClaimRetentionPolicy podManagementPolicy replicas
        revisionHistoryLimit selector serviceName volumeClaimTemplates`),
      // 1.35 drops maxUnavailable, whose feature gate is off unless an administrator opens it.
      updateStrategy: { type: true, rollingUpdate: fields('partition maxUnavailable') },
      template,
    },
  },
  daemonSet: {
    ...root,
    spec: {
      ...fields('minReadySeconds revisionHistoryLimit selector'),
      updateStrategy: { type: true, rollingUpdate: fields('maxSurge maxUnavailable') },
      template,
    },
  },
  replicaSet: { ...root, spec: { ...fields('minReadySeconds replicas selector'), template } },
  pod: { ...root, spec: podSpec },
} as const satisfies Record<string, Schema>;
