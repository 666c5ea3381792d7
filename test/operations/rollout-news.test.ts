import { expect, test } from '@jest/globals';
import { createNews } from '../../src/operations/rollout-news.ts';
import type { Cause, CauseCode } from '../../src/verdict/cause.ts';
import { createFakeClock, settle } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';

const HALF = '0 of 3 pods available, 1 updated, 3 old still there';

function causeOf(code: CauseCode, message: string): Cause {
  return { code, message, pods: ['web-x'], container: 'web', suspectNode: '' };
}

function open() {
  const [clock, log, over] = [createFakeClock(), createLogBook(), new AbortController()];
  const news = createNews({ clock, log }, 'deployment shop/web', over.signal);
  const tell = (message: string, cause?: Cause) => news.tell({ message, warnings: [], explain: () => cause });
  return { clock, log, over, news, tell };
}

test('a cause is told once, when it has lasted: the verdict may take a while longer', async () => {
  const { clock, log, tell } = open();
  const cause = causeOf('config-missing', 'configmap "settings" not found (container web)');
  tell(HALF, cause);
  await clock.advance(4_900);
  expect(log.infos).toEqual([`deployment shop/web: ${HALF}`]);
  await clock.advance(200);
  tell(HALF, { ...cause, message: `${cause.message} (on 2 pods)` });
  await clock.advance(20_000);
  expect(log.infos.slice(1)).toEqual([`deployment shop/web: ${cause.message}`]);
});

test.each<readonly [string, Cause | undefined, Cause | undefined]>([
  ['a blip', causeOf('quota-exceeded', 'no pod can be made'), undefined],
  ['what every good pod goes through', causeOf('not-ready', 'not ready'), causeOf('not-ready', 'not ready')],
])('%s is no news', async (_, first, then) => {
  const { clock, log, tell } = open();
  tell(HALF, first);
  await clock.advance(2_000);
  tell(HALF, then);
  await clock.advance(20_000);
  expect(log.infos).toEqual([`deployment shop/web: ${HALF}`]);
});

test('a minute without news is broken, with what it waits for', async () => {
  const { clock, log, over, tell, news } = open();
  tell(HALF, causeOf('not-ready', 'not ready: web-x runs, but the readiness probe of container web does not pass'));
  await clock.advance(30_000);
  tell('1 of 3 pods available');
  await clock.advance(59_000);
  expect(log.infos).toHaveLength(2);
  tell('1 of 3 pods available', causeOf('not-ready', 'not ready: web-y'));
  await clock.advance(1_000);
  expect(log.infos.slice(2)).toEqual(['deployment shop/web: after 90 s still 1 of 3 pods available; not ready: web-y']);
  over.abort();
  await clock.advance(600_000);
  expect([log.infos.length, news.timeline.length]).toEqual([3, 2]);
});

test('an API server that does not answer is told once, until it does', async () => {
  const { clock, log, over, news } = open();
  const silent = () => news.awaitAnswer(clock.sleep(30_000).then(() => Promise.reject(new Error('no answer'))));
  const away = 'deployment shop/web: the API server does not answer; waiting for it';
  for (let count = 0; count < 2; count++) {
    const failed = expect(silent()).rejects.toThrow('no answer');
    await clock.advance(30_000);
    await failed;
  }
  expect(log.warnings).toEqual([away]);
  await expect(news.awaitAnswer(Promise.resolve(1))).resolves.toBe(1);
  const failed = expect(silent()).rejects.toThrow('no answer');
  await clock.advance(30_000);
  await failed;
  expect(log.warnings).toEqual([away, away]);
  over.abort();
  await settle();
  expect(clock.sleepers()).toBe(0);
});
