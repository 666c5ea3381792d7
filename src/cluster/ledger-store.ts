import { createHash } from 'node:crypto';
import { ClusterError } from '../errors.ts';
import type { LedgerStore, StoredLedger, WorkloadRef } from '../ports.ts';
import { emptyLedger, type Ledger } from '../release/ledger.ts';
import type { ObjectMeta, StringMap } from '../rollout/objects.ts';
import { ledgerText, parseLedger } from './ledger-text.ts';
import type { Requests } from './requests.ts';
import type { Subject } from './subject.ts';

interface ConfigMap {
  readonly metadata: Partial<ObjectMeta>;
  readonly data?: StringMap;
}

const KEY = 'ledger.json';
const MAX_NAME_LENGTH = 253;

/** Ledgers in ConfigMaps beside their workloads; needs the rights to get, create and update them, and no more. */
export function createLedgerStore(requests: Requests): LedgerStore {
  // Whatever else stands in a ConfigMap (labels, an owner) goes back with our update.
  const lastRead = new Map<string, ConfigMap>();

  async function get(ref: WorkloadRef): Promise<ConfigMap | undefined> {
    try {
      const found = (await requests.json({ subject: subject(ref, 'get'), path: namedPath(ref) })) as ConfigMap;
      lastRead.set(namedPath(ref), found);
      return found;
    } catch (error) {
      lastRead.delete(namedPath(ref));
      if (error instanceof ClusterError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  async function put(ref: WorkloadRef, text: string, version: string): Promise<ConfigMap> {
    const exists = version !== '';
    const stored = (await requests.json({
      subject: subject(ref, exists ? 'update' : 'create'),
      path: exists ? namedPath(ref) : collectionPath(ref),
      body: configMap(ref, text, version, lastRead.get(namedPath(ref))),
    })) as ConfigMap;
    lastRead.set(namedPath(ref), stored);
    return stored;
  }

  return {
    async read(ref) {
      const found = await get(ref);
      const text = found?.data?.[KEY];
      const version = found?.metadata.resourceVersion ?? '';
      if (text === undefined) return { ledger: emptyLedger(), version };
      const ledger = parseLedger(text);
      if (typeof ledger !== 'string') return { ledger, version };
      throw new ClusterError('rejected', `${title(ref)}: ${KEY} cannot be read (${ledger}); ${REMEDY}`);
    },

    async write(ref, ledger, version) {
      const text = ledgerText(ledger);
      try {
        return stored(await put(ref, text, version), ledger);
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        if (error.kind === 'not-found' && version !== '') {
          throw new ClusterError('conflict', `${title(ref)}: somebody deleted it meanwhile; run again`);
        }
        if (error.kind !== 'conflict') throw error;
        // A write that was repeated after a broken connection conflicts with itself.
        const found = await get(ref);
        if (found?.data?.[KEY] === text) return stored(found, ledger);
        throw error;
      }
    },
  };
}

/** The ConfigMap that holds the ledger of a workload; a name too long for one is shortened, with its digest at the end. */
export function ledgerName({ kind, name }: Pick<WorkloadRef, 'kind' | 'name'>): string {
  const full = `rollkey.${kind}.${name}`;
  if (full.length <= MAX_NAME_LENGTH) return full;
  const digest = createHash('sha256').update(full).digest('hex').slice(0, 10);
  return `${full.slice(0, MAX_NAME_LENGTH - digest.length - 1).replace(/[.-]+$/, '')}-${digest}`;
}

const REMEDY = 'restore it, or delete the ConfigMap to begin a new ledger (releases stay known by their revisions)';

function stored({ metadata }: ConfigMap, ledger: Ledger): StoredLedger {
  return { ledger, version: metadata.resourceVersion ?? '' };
}

function configMap(ref: WorkloadRef, text: string, version: string, last: ConfigMap | undefined): unknown {
  const { managedFields: _, ...metadata } = version === '' ? {} : (last?.metadata ?? {});
  return {
    ...(version !== '' && last),
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...metadata,
      name: ledgerName(ref),
      namespace: ref.namespace,
      labels: { ...metadata.labels, 'app.kubernetes.io/managed-by': 'rollkey' },
      ...(version !== '' && { resourceVersion: version }),
    },
    data: { ...(version !== '' && last?.data), [KEY]: text },
  };
}

function title(ref: WorkloadRef): string {
  return `configmap ${ref.namespace}/${ledgerName(ref)}`;
}

function subject(ref: WorkloadRef, verb: Subject['verb']): Subject {
  return { title: title(ref), verb, group: '', resource: 'configmaps' };
}

function collectionPath({ namespace }: WorkloadRef): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
}

function namedPath(ref: WorkloadRef): string {
  return `${collectionPath(ref)}/${encodeURIComponent(ledgerName(ref))}`;
}
