import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { Board } from '../../src/gate/board.ts';
import { gateStory } from './gate-desk.ts';
import { type Story, well } from './story.ts';

export const board: readonly Story[] = [
  gateStory(
    'history shows on its board what runs where, verified since when, and what is blocked by whom and why',
    async (at) => {
      const { desk, github, deploy, deployBad, run, records } = at;
      await Promise.all(['staging', 'production'].map((name) => desk.install({ name, image: webImage('0.9') })));
      await well(deploy('staging', '1.0'));
      await well(deploy('production', '1.0'));
      await well(deploy('staging', '1.1'));
      await deployBad('staging', '1.2');
      await well(run('block', { release: '1.0', reason: 'it leaks' }));
      const history = (token: string) =>
        well(desk.run('history', { deployment: 'staging' }, { github: { apiUrl: github.url, token } }));

      const asked = github.requests.length;
      const { outputs, summary } = await history(github.token({ deployments: 'read' }));
      expect(github.requests.slice(asked).map(({ method, status }) => [method, status])).toEqual([
        ['GET', 200],
        ['GET', 200],
      ]);
      const { environments, rows, missing } = JSON.parse(outputs['board'] ?? '') as Board & {
        readonly missing: string;
      };
      expect([environments, missing]).toEqual([['staging', 'production'], '']);
      const [ofBad, ofGood] = records().map(({ id }) => id);
      const since = expect.stringMatching(/^20.*Z$/);
      expect(rows).toMatchObject([
        {
          release: '1.0',
          runs: [{ environment: 'production', verifiedSince: since, outcome: 'succeeded' }],
          closed: { kind: 'blocked', id: ofGood, environment: '', actor: 'octocat', reason: 'it leaks' },
        },
        { release: '1.1', runs: [{ environment: 'staging', verifiedSince: since, outcome: 'rolled-back' }] },
        { release: '1.2', runs: [], closed: { kind: 'blocked', id: ofBad, environment: 'staging', at: since } },
      ]);
      for (const shown of [
        '### What runs where',
        '| Release | `staging` | `production` | Blocked |',
        `gh workflow run unblock.yml -R octo/shop -f release=1.0 -f block=${ofGood}`,
        `gh workflow run unblock.yml -R octo/shop -f release=1.2 -f block=${ofBad}`,
      ])
        expect(summary).toContain(shown);

      const without = await history(github.token({ deployments: 'none' }));
      expect(JSON.parse(without.outputs['board'] ?? '')).toMatchObject({ rows: [] });
      expect(without.summary).toMatch(/^What runs where, and what is blocked, is not shown: .*deployments: read/m);
      expect(without.outputs['history']).toBe(outputs['history']);
    },
  ),
];
