import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { findKubeconfig } from '../../src/cluster/kubeconfig-source.ts';
import { kubeconfig } from './kubeconfig-sample.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollkey-kubeconfig-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a kubeconfig is found:', () => {
  const find = (environment: Record<string, string>) => loadKubeconfig({ environment }, () => undefined);

  test('the files of KUBECONFIG are merged: the first to set a name or the current context wins, missing ones are skipped', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'ca.crt'), 'CA of c2');
    await writeFile(join(elsewhere, 'token'), 'token-in-a-file');
    await writeFile(join(folder, 'first'), kubeconfig({ rest: { 'current-context': 'second' } }));
    await writeFile(
      join(elsewhere, 'second'),
      JSON.stringify({
        'current-context': 'dev',
        clusters: [
          { name: 'c1', cluster: { server: 'https://hidden.example' } },
          { name: 'c2', cluster: { server: 'https://c2.example/', 'certificate-authority': 'ca.crt' } },
        ],
        users: [{ name: 'u2', user: { tokenFile: 'token' } }],
        contexts: [{ name: 'second', context: { cluster: 'c2', user: 'u2' } }],
      }),
    );
    const files = [join(folder, 'first'), join(folder, 'missing'), join(elsewhere, 'second')];
    const context = await find({ KUBECONFIG: files.join(delimiter) });
    expect(context).toMatchObject({
      contextName: 'second',
      server: 'https://c2.example',
      tls: { ca: Buffer.from('CA of c2') },
    });
    expect(await context.authorize()).toEqual({ Authorization: 'Bearer token-in-a-file' });
  });

  test('~/.kube/config is read', async () => {
    await mkdir(join(folder, 'home', '.kube'), { recursive: true });
    await writeFile(join(folder, 'home', '.kube', 'config'), kubeconfig());
    expect(await find({ HOME: join(folder, 'home') })).toMatchObject({ contextName: 'dev' });
  });

  test("a pod's service account comes last", async () => {
    const account = join(folder, 'pod', 'var/run/secrets/kubernetes.io/serviceaccount');
    await mkdir(account, { recursive: true });
    await writeFile(join(account, 'token'), 'token-of-the-pod');
    const environment = { HOME: folder, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(await findKubeconfig({ environment }, join(folder, 'pod'))).toBe('in-cluster');
    await expect(findKubeconfig({ environment: { HOME: folder } }, join(folder, 'pod'))).rejects.toThrow('none found');
  });

  test('nothing at all says what to give', async () => {
    await expect(find({ HOME: folder })).rejects.toThrow(
      /^kubeconfig: none found \(.+\); give its content in the input kubeconfig$/,
    );
    await expect(find({ KUBECONFIG: '/no/such' })).rejects.toThrow(
      'kubeconfig: KUBECONFIG names /no/such, which does not exist; correct it',
    );
  });
});
