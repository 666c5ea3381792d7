import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { admin, type Identity, makeIdentities, writeKubeconfig } from './access.ts';
import { type Answer, getFrom } from './api-request.ts';
import { type AuditEntry, readAuditLog } from './audit-log.ts';
import { type Binary, ensureBinary } from './binary.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type CommandOptions, run } from './command.ts';
import { apiServerPort, controllerManager, startControllerManager } from './control-plane.ts';
import { type Enclosure, openEnclosure } from './enclosure.ts';
import { createMoreNodes } from './more-nodes.ts';
import { ensurePackages } from './packages.ts';
import type { Program } from './program.ts';
import { createLazyRegistry, type Registry } from './registry.ts';
import { startPrograms } from './start.ts';
import { clearAbandoned } from './teardown.ts';

export interface BedOptions {
  /** User names that get a token and no rights. */
  readonly identities?: readonly string[];
  /** Releases whose web images are on the node. */
  readonly releases?: readonly string[];
  readonly log?: (line: string) => void;
}

export interface KubectlOptions extends CommandOptions {
  /** Who asks; the admin unless given. */
  readonly identity?: string;
}

/** A running Kubernetes cluster of one node, and of more where they are asked for. */
export interface Bed {
  /** Everything the bed writes is below this folder, its programs' logs in `logs`. */
  readonly folder: string;
  readonly server: string;
  /** This machine's address as the bed sees it: what listens there is reached from the bed only. */
  readonly machine: string;
  readonly caFile: string;
  /** The authority's certificate, PEM in base64, as a kubeconfig has it. */
  readonly caData: string;
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of the kubectl that was built with the cluster. */
  readonly kubectlPath: string;
  readonly token: (identity: string) => string;
  readonly kubeconfigFor: (identity: string) => string;
  /** Runs kubectl and returns its standard output; rejects with its last words when it fails. */
  readonly kubectl: (argv: readonly string[], options?: KubectlOptions) => Promise<string>;
  /** GETs a path of the API server as the admin; resolves with the answer whatever its status. */
  readonly get: (path: string) => Promise<Answer>;
  /** The requests received at or after a time, other than those of the bed's own programs. */
  readonly auditEntries: (since?: Date) => Promise<AuditEntry[]>;
  /** Adds a node, once by its name, that only pods go to that tolerate `rollkey.test/node=<name>`; it lacks the images `local`. */
  readonly addNode: (name: string) => Promise<void>;
  /** Stops the kubelet of a node that was added and resolves when the cluster holds it for dead, with what starts it again. */
  readonly stopNode: (name: string) => Promise<() => Promise<void>>;
  /** Stops the controllers and, some milliseconds later, starts them again. */
  readonly restartControllers: (afterMs?: number) => Promise<void>;
  /** A registry that the nodes pull from, started when it is first asked for. */
  readonly registry: () => Promise<Registry>;
  /** Takes the bed down; resolves when nothing of it is left. */
  readonly stop: () => Promise<void>;
}

/** Whose web images every node has. */
export const defaultReleases: readonly string[] = ['0.9', '1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];

/** Starts a cluster with a real kubelet, ready for pods; it is taken down by `stop`, or when this process ends. */
export async function startBed(options: BedOptions = {}): Promise<Bed> {
  const { log = () => {}, releases = defaultReleases } = options;
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error('a bed needs Linux, and root on it');
  await ensurePackages(log);
  const binary = await ensureBinary(log);
  await clearAbandoned();
  const enclosure = await openEnclosure();
  try {
    const identities = makeIdentities(options.identities ?? []);
    const certificates = await makeCertificates(join(enclosure.folder, 'certificates'), enclosure.address);
    const bed = makeBed(enclosure, binary, certificates, identities);
    const { get, kubeconfigFor } = bed;
    const parts = { enclosure, binary, certificates, identities, releases, get, kubeconfigFor };
    const programs = [...(await startPrograms(parts))];
    const keep = (program: Program) => programs.push(program);
    const registry = createLazyRegistry(enclosure, keep);
    const nodes = createMoreNodes({ ...parts, bed: binary.bed, keep });
    const restartControllers = async (afterMs = 0) => {
      await programs.findLast(({ name }) => name === controllerManager)?.stop();
      await pause(afterMs);
      keep(startControllerManager(enclosure, binary.bed, kubeconfigFor, certificates));
    };
    return {
      ...{ ...bed, addNode: nodes.add, stopNode: nodes.stop, restartControllers },
      registry: registry.open,
      stop: async () => {
        await registry.close();
        await stop(enclosure, programs);
      },
    };
  } catch (error) {
    await enclosure.close();
    throw error;
  }
}

async function stop(enclosure: Enclosure, programs: readonly Program[]): Promise<void> {
  await enclosure.close();
  await Promise.allSettled(programs.map((program) => program.end));
}

function makeBed(
  enclosure: Enclosure,
  binary: Binary,
  certificates: Certificates,
  identities: readonly Identity[],
): Omit<Bed, 'addNode' | 'stopNode' | 'restartControllers' | 'registry' | 'stop'> {
  const { folder, machine } = enclosure;
  const server = `https://${enclosure.address}:${apiServerPort}`;
  const { authorityPem } = certificates;
  const kubeconfigs = new Map(
    identities.map((identity) => [identity.user, writeKubeconfig(folder, server, authorityPem, identity)]),
  );
  const tokens = new Map(identities.map(({ user, token }) => [user, token]));
  const token = (identity: string) => known(tokens, identity);
  const kubeconfigFor = (identity: string) => known(kubeconfigs, identity);
  const get = (path: string) => getFrom({ server, authorityPem, token: token(admin) }, path);
  return {
    ...{ folder, server, machine, token, kubeconfigFor, get },
    caFile: certificates.authority,
    caData: Buffer.from(authorityPem).toString('base64'),
    kubeconfig: kubeconfigFor(admin),
    kubectlPath: binary.kubectl,
    kubectl: (argv, { identity = admin, env, ...options } = {}) =>
      run(binary.kubectl, argv, { ...options, env: { ...process.env, ...env, KUBECONFIG: kubeconfigFor(identity) } }),
    auditEntries: (since = new Date(0)) => readAuditLog(join(folder, 'audit.log'), since, get),
  };
}

function known(values: ReadonlyMap<string, string>, identity: string): string {
  const value = values.get(identity);
  if (value === undefined) throw new Error(`the bed knows no identity ${identity}: name it in startBed's options`);
  return value;
}
