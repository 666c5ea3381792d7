import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { deployTask, GATE_ENVIRONMENT } from '../../src/gate/task.ts';
import { blockRecord, deployedRecord } from '../gate/sample-records.ts';
import { FILTER, failureOf, type GateFixture, NEW_BLOCK, openGate, RUN_URL, SHA } from './gate-fixture.ts';

let fixture: GateFixture;
beforeEach(async () => {
  fixture = await openGate();
});
afterEach(async () => {
  expect(fixture.github.violations).toEqual([]);
  await fixture.github.close();
});

const all = () => false;
const asked = () => fixture.github.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
const LIST = '/repos/octo/shop/deployments';
const blocks = (count: number) => Array.from({ length: count }, () => ({ ...FILTER, payload: blockRecord() }));

describe('append', () => {
  test('writes a record, paints it, and gives its id once it can be read', async () => {
    const { github, gate, log } = fixture;
    const id = await gate.append(NEW_BLOCK);
    expect(github.deployments()).toMatchObject([
      {
        ...{ id, sha: SHA, ...FILTER, payload: NEW_BLOCK.payload, description: NEW_BLOCK.status.description },
        ...{ transient: false, production: false, creator: 'github-actions[bot]', app: 'github-actions' },
        statuses: [{ state: 'failure', description: NEW_BLOCK.status.description, logUrl: RUN_URL }],
      },
    ]);
    expect(asked().sort()).toEqual([`GET ${LIST} 200`, `POST ${LIST} 201`, `POST ${LIST}/${id}/statuses 201`]);
    const bodies = github.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(bodies).toMatchObject([{ auto_merge: false, required_contexts: [] }, { auto_inactive: false }]);
    expect(log.warnings).toEqual([]);
  });

  test('leaves it to GitHub whether a real environment is for production', async () => {
    const { github, gate } = fixture;
    const payload = deployedRecord({ environment: 'production' });
    await gate.append({ ...NEW_BLOCK, environment: 'production', task: deployTask('default'), payload });
    expect(github.deployments()).toMatchObject([{ environment: 'production', production: true, transient: false }]);
  });

  test('leaves older records of a real environment as they are', async () => {
    const { github, gate } = fixture;
    const record = { environment: 'staging', task: deployTask('default'), payload: deployedRecord() };
    const status = { state: 'success', description: '1.1 runs' } as const;
    await gate.append({ ...record, status });
    await gate.append({ ...record, status });
    expect(github.deployments().map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ['success'],
      ['success'],
    ]);
  });

  test.each([
    ['too long', 'x'.repeat(200), `${'x'.repeat(139)}…`],
    ['on two lines, with colours', 'a\n\u001b[31mb', 'a b'],
    ['with what needs four bytes', 'a 🚀 b', 'a \u{FFFD} b'],
  ])('describes a record in 140 plain characters: %s', async (_, given, shown) => {
    const { github, gate } = fixture;
    await gate.append({ ...NEW_BLOCK, status: { state: 'failure', description: given } });
    expect(github.deployments()).toMatchObject([{ description: shown, statuses: [{ description: shown }] }]);
  });

  test('keeps foreign text in a payload as it is', async () => {
    const { github, gate } = fixture;
    const payload = blockRecord({ release: '🚀/é+`$(id)`', reason: '"\\\n::set-output name=a::b</script>\u001b[31m' });
    await gate.append({ ...NEW_BLOCK, payload });
    expect(github.deployments()[0]?.payload).toEqual(payload);
    expect((await gate.read(FILTER, all))[0]?.payload).toEqual(payload);
  });

  test('without a run it gives no link', async () => {
    await fixture.gateOf({ runUrl: '' }).append(NEW_BLOCK);
    expect(fixture.github.deployments()[0]?.statuses[0]?.logUrl).toBe('');
  });

  test('waits for replicas that lag behind', async () => {
    const { github, gate, slept } = fixture;
    github.staleFor(3);
    const id = await gate.append(NEW_BLOCK);
    expect(slept).toEqual([250, 500, 1_000]);
    expect(await gate.read(FILTER, all)).toMatchObject([{ id }]);
  });

  test('says that a record is missing which never shows', async () => {
    const { github, gate, slept } = fixture;
    github.staleFor(1_000);
    expect(await failureOf(gate.append(NEW_BLOCK))).toBe(
      `unreachable: record ${github.deployments()[0]?.id} is written, but could not be read back: GitHub does not list it`,
    );
    expect(slept.reduce((sum, ms) => sum + ms)).toBe(15_250);
  });

  test('a status that GitHub does not take is a warning, and not tried again', async () => {
    const { github, gate, log } = fixture;
    github.faults.always({ answer: 500 }, ({ path }) => path.endsWith('/statuses'));
    const id = await gate.append(NEW_BLOCK);
    expect(log.warnings).toEqual([expect.stringMatching(`^record ${id} stands, but .* it answers 500`)]);
    expect(asked().filter((line) => line.includes('/statuses'))).toHaveLength(1);
  });

  test('whose answer is lost is written once more', async () => {
    const { github, gate } = fixture;
    github.faults.next(1, { reset: 'after' }, ({ method }) => method === 'POST');
    const id = await gate.append(NEW_BLOCK);
    expect(github.deployments().map((each) => each.id)).toEqual([id, expect.any(Number)]);
  });

  test.each([
    ['merges instead', { answer: 202, body: { message: 'Auto-merged main into topic on deployment.' } }, 202],
    ['refuses the checks of', { answer: 409, message: 'Conflict: Commit status checks failed for main.' }, 409],
  ])('is no success where GitHub %s the commit', async (_, fault, status) => {
    const { github, gate } = fixture;
    github.faults.next(1, fault);
    const said = 'message' in fault ? fault.message : fault.body.message;
    expect(await failureOf(gate.append(NEW_BLOCK))).toBe(
      `rejected: repository octo/shop: GitHub did not take the record: ${status} (${said})`,
    );
  });

  test('is no success without an id', async () => {
    const { github, gate } = fixture;
    github.faults.next(1, { answer: 201, body: { id: 'x' } });
    expect(await failureOf(gate.append(NEW_BLOCK))).toMatch(/^rejected: .* its answer is none of its API/);
  });

  test('says of which commit GitHub knows nothing', async () => {
    const gate = fixture.gateOf({ sha: 'f'.repeat(40) });
    expect(await failureOf(gate.append(NEW_BLOCK))).toMatch(
      /^rejected: repository octo\/shop: GitHub did not take the record: 422 \(.*f{40}/,
    );
  });
});

describe('exists', () => {
  test('says whether a record is there', async () => {
    const { github, gate } = fixture;
    const [id = 0] = github.seed(blocks(1));
    expect(await gate.exists(id)).toBe(true);
    expect(await gate.exists(id + 1)).toBe(false);
    expect(asked()).toEqual([`GET ${LIST}/${id} 200`, `GET ${LIST}/${id + 1} 404`]);
  });

  test.each([
    ['forbidden', 403],
    ['unauthorized', 401],
    ['unreachable', 503],
    ['rejected', 422],
  ])('is no answer where it is %s', async (kind, status) => {
    const { github, gate } = fixture;
    github.faults.always({ answer: status });
    expect(await failureOf(gate.exists(7))).toMatch(`${kind}: `);
  });

  test('is no answer where it is another record, or none', async () => {
    const { github, gate } = fixture;
    for (const body of [{}, { id: 8 }, [], '<html>']) {
      github.faults.next(1, { answer: 200, body });
      expect(await failureOf(gate.exists(7))).toMatch(/^rejected: .* its answer is none of its API/);
    }
  });
});

describe('read', () => {
  test('asks for what the filter says, exactly', async () => {
    const { github, gate } = fixture;
    github.seed([
      { ...FILTER, payload: blockRecord() },
      { ...FILTER, environment: 'staging', payload: blockRecord() },
      { ...FILTER, task: `${FILTER.task}0`, payload: blockRecord() },
    ]);
    expect(await gate.read(FILTER, all)).toHaveLength(1);
    expect(await gate.read({ task: FILTER.task }, all)).toHaveLength(2);
    expect(github.requests.map(({ query }) => query)).toEqual([
      { ...FILTER, per_page: '100' },
      { task: FILTER.task, per_page: '100' },
    ]);
  });

  test('gives what GitHub says of a record', async () => {
    const { github, gate } = fixture;
    const [id] = github.seed([
      { ...FILTER, payload: JSON.stringify(blockRecord()), writer: { login: 'mona', app: '' }, createdAt: 0 },
    ]);
    expect(await gate.read(FILTER, all)).toEqual([
      { id, ...FILTER, creator: 'mona', app: '', createdAt: '1970-01-01T00:00:00Z', payload: blockRecord() },
    ]);
  });

  test.each([
    ['a person', { login: 'mona', app: '' }, ''],
    ['a person by an App', { login: 'mona', app: 'github-actions' }, 'github-actions'],
    ['a workflow', { login: 'github-actions[bot]', app: 'github-actions' }, ''],
  ])('says by which App a record came, where GitHub does: of %s', async (_, writer, app) => {
    fixture.github.seed([{ ...FILTER, payload: blockRecord(), writer }]);
    expect(await fixture.gate.read(FILTER, all)).toMatchObject([{ creator: writer.login, app }]);
  });

  test.each([{}, { slug: null }, 'github-actions'])('tells no App from one that it cannot read: %j', async (app) => {
    const { github, gate } = fixture;
    const record = { id: 7, creator: { login: 'github-actions[bot]' }, payload: blockRecord() };
    github.faults.next(1, { answer: 200, body: [{ ...record, performed_via_github_app: app }] });
    const [read] = await gate.read(FILTER, all);
    expect(read?.app).not.toBe('');
    expect(read?.app).not.toBe('github-actions');
  });

  test.each([['no JSON'], [''], ['"text"'], ['null'], ['[1]']])(
    'gives a payload of %j without stumbling',
    async (payload) => {
      fixture.github.seed([{ ...FILTER, payload }]);
      expect(await fixture.gate.read(FILTER, all)).toHaveLength(1);
    },
  );

  test('goes from page to page, newest first, until it is enough', async () => {
    const { github, gate } = fixture;
    const ids = github.seed(blocks(250));
    const newest = ids.toReversed();
    const idsOf = async (enough: Parameters<typeof gate.read>[1]) =>
      (await gate.read(FILTER, enough)).map(({ id }) => id);
    expect(await idsOf(all)).toEqual(newest);
    expect(github.requests).toHaveLength(3);
    expect(await idsOf((read) => read.length >= 150)).toEqual(newest.slice(0, 200));
    expect(await idsOf(() => true)).toEqual(newest.slice(0, 100));
    expect(github.requests).toHaveLength(6);
  });

  test('has each record once, also where new ones come between two pages', async () => {
    const { github, gate } = fixture;
    const ids = github.seed(blocks(150));
    github.faults.next(1, { after: () => github.seed(blocks(2)) });
    expect((await gate.read(FILTER, all)).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  test('gives up at ten thousand', async () => {
    const { github, gate } = fixture;
    const link = `<${github.url}${LIST}?page=2>; rel="next", <${github.url}${LIST}?page=200>; rel="last"`;
    github.faults.always({ answer: 200, body: [], headers: { link } });
    expect(await failureOf(gate.read(FILTER, all))).toBe(
      'rejected: repository octo/shop: more than 10000 deployments for release-gate, release-gate:default/1.1; delete what is not needed any more',
    );
    expect(github.requests).toHaveLength(100);
  });

  test('works against an Enterprise Server', async () => {
    const { github, gateOf } = fixture;
    github.seed(blocks(101));
    expect(await gateOf({ apiUrl: `${github.url}/api/v3` }).read(FILTER, all)).toHaveLength(101);
    expect(github.requests.map(({ status }) => status)).toEqual([200, 200]);
  });

  test.each([
    ['an object', { message: 'ok' }],
    ['a page', '<html>'],
    ['entries without id', [{ id: null }]],
    ['nothing', ''],
  ])('takes %s for no answer', async (_, body) => {
    fixture.github.faults.next(1, { answer: 200, body });
    expect(await failureOf(fixture.gate.read(FILTER, all))).toBe(
      `rejected: GitHub at ${fixture.github.url}: its answer is none of its API; check GITHUB_API_URL`,
    );
  });

  test('asks no other server for the next page', async () => {
    const { github, gate } = fixture;
    const ids = github.seed(blocks(150));
    const next = 'http://127.0.0.2:1/repos/octo/shop/deployments?per_page=100&page=2';
    github.faults.next(1, { answer: 200, body: [], headers: { link: `<${next}>; rel="next"` } });
    expect(await gate.read(FILTER, all)).toHaveLength(50);
    expect(github.requests).toMatchObject([{}, { path: LIST, query: { ...FILTER, per_page: '100', page: '2' } }]);
    expect(ids).toHaveLength(150);
  });

  test.each([
    ['with a colon in it', 'environment=release-gate&task=release-gate:default/1.1&per_page=100&page=2'],
    ['with braces in it', 'environment={environment}&task={+task}&per_page=100&page=2'],
    ['without the filter', 'per_page=100&page=2'],
    ['with another filter', 'environment=staging&task=deploy&per_page=100&page=2'],
  ])('takes the next page’s link for its parameters alone: %s', async (_, query) => {
    const { github, gate } = fixture;
    const ids = github.seed(blocks(101));
    const link = `<${github.url}/repositories/1/deployments?${query}>; rel="next"`;
    github.faults.next(1, { answer: 200, body: [], headers: { link } });
    expect((await gate.read(FILTER, all)).map(({ id }) => id)).toEqual([ids[0]]);
    expect(github.requests[1]?.query).toEqual({ ...FILTER, per_page: '100', page: '2' });
  });

  test('takes a link that is none for no answer', async () => {
    const { github, gate } = fixture;
    github.faults.next(1, { answer: 200, body: [], headers: { link: '<http://[>; rel="next"' } });
    expect(await failureOf(gate.read(FILTER, all))).toMatch(/^rejected: .* its answer is none of its API/);
  });

  test('follows a repository that was renamed', async () => {
    const { github, gate } = fixture;
    github.faults.next(1, { answer: 301, message: 'Moved Permanently', headers: { location: `${github.url}${LIST}` } });
    await gate.read(FILTER, all);
    github.faults.next(1, { answer: 307, message: 'Temporary Redirect', headers: { location: `${LIST}` } });
    const id = await gate.append(NEW_BLOCK);
    expect(github.deployments()).toMatchObject([{ id, environment: GATE_ENVIRONMENT }]);
  });
});
