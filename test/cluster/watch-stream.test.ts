import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { watchStream } from '../../src/cluster/watch-stream.ts';

const event = (name: string) => ({ type: 'ADDED', object: { metadata: { name, uid: name, resourceVersion: '1' } } });
const line = (name: string) => `${JSON.stringify(event(name))}\n`;

async function collect(body: Readable, silence = 60_000) {
  const events = [];
  for await (const batch of watchStream(body, silence)) events.push(...batch);
  return events;
}

describe('watchStream', () => {
  const text = Buffer.from(line('wéb-🚀') + line('db') + line('日本'));

  test.each([1, 2, 3, 7, 64, text.length])('reads events from chunks of %i bytes', async (size) => {
    const chunks = [];
    for (let at = 0; at < text.length; at += size) chunks.push(text.subarray(at, at + size));
    expect(await collect(Readable.from(chunks, { objectMode: false }))).toEqual([
      event('wéb-🚀'),
      event('db'),
      event('日本'),
    ]);
  });

  test('leaves out a line that is cut off at the end', async () => {
    expect(await collect(Readable.from([line('web'), line('db').slice(0, -1)]))).toEqual([event('web')]);
  });

  test('gives events that came together in one batch', async () => {
    const batches = [];
    for await (const batch of watchStream(Readable.from([line('a') + line('b'), line('c')]), 60_000))
      batches.push(batch.length);
    expect(batches).toEqual([2, 1]);
  });

  test('skips empty lines', async () => {
    expect(await collect(Readable.from(['\n', line('web'), '\r\n\n']))).toEqual([event('web')]);
  });

  test('ends after silence, also in the middle of a line', async () => {
    const body = new Readable({ read: () => undefined });
    body.push(line('web') + line('db').slice(0, 10));
    expect(await collect(body, 30)).toEqual([event('web')]);
    expect(body.destroyed).toBe(true);
  });

  test('throws when the connection breaks', async () => {
    const body = new Readable({ read: () => undefined });
    body.push(line('web'));
    setTimeout(() => body.destroy(new Error('reset')), 10);
    await expect(collect(body)).rejects.toThrow('reset');
  });

  test('throws on a line that is not JSON', async () => {
    await expect(collect(Readable.from(['<html>\n']))).rejects.toThrow(SyntaxError);
  });

  test('closes the body when the reader stops', async () => {
    const body = new Readable({ read: () => undefined });
    body.push(line('web'));
    for await (const _ of watchStream(body, 60_000)) break;
    expect(body.destroyed).toBe(true);
  });
});
