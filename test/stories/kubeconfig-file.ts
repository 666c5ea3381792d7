import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { deploy, type Story } from './story.ts';

export const kubeconfigFile: readonly Story[] = [
  {
    title: 'the kubeconfig is a file of its user alone while the job runs, and gone after the post step',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0') });
      const seen: { readonly mode: number; readonly text: string }[] = [];
      const filesIn = (temp: string) =>
        readdirSync(temp, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const inputs = { deployment: 'web', release: '1.0', images: `web=${webImage('1.0')}` };
      let left: readonly unknown[] = ['never looked'];
      const run = await desk.run('root', inputs, {
        beforePost: (temp) => {
          for (const { parentPath, name } of filesIn(temp)) {
            const path = join(parentPath, name);
            seen.push({ mode: statSync(path).mode & 0o777, text: readFileSync(path, 'utf8') });
          }
        },
        afterPost: (temp) => {
          left = readdirSync(temp);
        },
      });
      expect([run.exitCode, run.post?.exitCode]).toEqual([0, 0]);
      expect(seen).toEqual([{ mode: 0o600, text: desk.kubeconfig() }]);
      expect(left).toEqual([]);
    },
  },
  {
    title: 'without the input it is the runner’s own, with the namespace of its context, and it stays where it is',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0') });
      const folder = mkdtempSync(join(tmpdir(), 'rollkey-story-'));
      const file = join(folder, 'config');
      writeFileSync(file, desk.kubeconfig());
      const inputs = { kubeconfig: '', namespace: '', deployment: 'web', release: '1.0', mode: 'deploy' };
      const images = `web=${webImage('1.0')}`;
      const run = await desk.run('root', { ...inputs, images }, { environment: { KUBECONFIG: file } });
      const left = readFileSync(file, 'utf8');
      rmSync(folder, { recursive: true });
      expect([run.exitCode, run.post?.exitCode, left]).toEqual([0, 0, desk.kubeconfig()]);
      expect(JSON.parse(run.outputs['result'] ?? '').workloads[0].namespace).toBe(desk.namespace);
    },
  },
  {
    title: 'what is secret in a kubeconfig is hidden before anything else is said',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0') });
      const { users } = JSON.parse(desk.kubeconfig());
      const secrets: readonly string[] = Object.values(users[0].user);
      const run = await deploy(desk, '1.0');
      for (const secret of secrets) {
        expect(run.masked).toContain(secret);
        expect([run.log, run.summary, JSON.stringify(run.outputs)].join('\n')).not.toContain(secret);
      }
      const told = run.commands.map(({ name }) => name);
      expect(told.lastIndexOf('add-mask')).toBeLessThan(told.indexOf('notice'));
    },
  },
];
