import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Identity, programUsers, tokenFile } from './access.ts';
import { makeAuditPolicy } from './audit-log.ts';
import type { Certificates } from './certificates.ts';
import { flags, type Place, type Program, startProgram } from './program.ts';

export interface ControlPlaneOptions {
  readonly place: Place;
  /** Path of the multi-call binary. */
  readonly bed: string;
  readonly address: string;
  readonly certificates: Certificates;
  readonly identities: readonly Identity[];
  readonly auditLog: string;
}

/** Where the API server listens, on the bed's own address. */
export const apiServerPort = 6443;

/** The program that runs the controllers. */
export const controllerManager = 'kube-controller-manager';

/** Starts etcd and the API server, with role-based access control, tokens as identities and an audit log. */
export function startApiServer(options: ControlPlaneOptions): readonly Program[] {
  const { place, bed, address, certificates } = options;
  const tokens = join(place.folder, 'tokens.csv');
  const policy = join(place.folder, 'audit-policy.json');
  writeFileSync(tokens, tokenFile(options.identities), { mode: 0o600 });
  writeFileSync(policy, JSON.stringify(makeAuditPolicy(Object.values(programUsers))));
  const etcdFlags = { 'data-dir': join(place.folder, 'etcd'), 'unsafe-no-fsync': true, 'log-level': 'warn' };
  const apiServerFlags = {
    'etcd-servers': 'http://127.0.0.1:2379',
    'bind-address': address,
    'advertise-address': address,
    'secure-port': apiServerPort,
    'cert-dir': join(place.folder, 'certificates'),
    'tls-cert-file': certificates.server,
    'tls-private-key-file': certificates.serverKey,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': certificates.server,
    'service-account-signing-key-file': certificates.serverKey,
    'service-cluster-ip-range': '10.96.0.0/16',
    'authorization-mode': 'RBAC',
    'token-auth-file': tokens,
    // The node's name means nothing to a resolver.
    'kubelet-preferred-address-types': 'InternalIP',
    'audit-policy-file': policy,
    'audit-log-path': options.auditLog,
    // In MB, so that it is never rotated.
    'audit-log-maxsize': 10_000,
  };
  const etcd = startProgram(place, 'etcd', [bed, 'etcd', ...flags(etcdFlags)]);
  const apiServer = startProgram(place, 'kube-apiserver', [bed, 'kube-apiserver', ...flags(apiServerFlags)]);
  return [etcd, apiServer];
}

/** Starts the controllers. */
export function startControllerManager(
  place: Place,
  bed: string,
  kubeconfigFor: (user: string) => string,
  certificates: Certificates,
): Program {
  const controllerFlags = {
    ...commonFlags(place),
    kubeconfig: kubeconfigFor(programUsers.controllers),
    'service-account-private-key-file': certificates.serverKey,
    'root-ca-file': certificates.authority,
    // A story would wait for 15 s at each step.
    'horizontal-pod-autoscaler-sync-period': '1s',
  };
  return startProgram(place, controllerManager, [bed, controllerManager, ...flags(controllerFlags)]);
}

/** Starts the scheduler. */
export function startScheduler(place: Place, bed: string, kubeconfigFor: (user: string) => string): Program {
  const schedulerFlags = { ...commonFlags(place), kubeconfig: kubeconfigFor(programUsers.scheduler) };
  return startProgram(place, 'kube-scheduler', [bed, 'kube-scheduler', ...flags(schedulerFlags)]);
}

function commonFlags({ folder }: Place) {
  return { 'leader-elect': false, 'cert-dir': join(folder, 'certificates') };
}
