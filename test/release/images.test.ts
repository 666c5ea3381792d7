import { describe, expect, test } from '@jest/globals';
import { applyImages, isMeantFor, parseImages, strayImages } from '../../src/release/images.ts';
import type { PodTemplate } from '../../src/rollout/objects.ts';
import { imagesOf } from '../../src/rollout/template.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('parseImages', () => {
  test.each([
    ['app=web:1.1', { container: 'app', image: 'web:1.1' }],
    ['web/app=web:1.1', { workload: 'web', container: 'app', image: 'web:1.1' }],
    ['deployment/web/app=web:1.1', { workload: 'web', container: 'app', image: 'web:1.1' }],
    ['deployments.apps/web/app=web:1.1', { workload: 'web', container: 'app', image: 'web:1.1' }],
    ['web:1.1', { image: 'web:1.1' }],
    ['localhost:5000/web:1', { image: 'localhost:5000/web:1' }],
    ['localhost:5000/web', { image: 'localhost:5000/web' }],
    ['[2001:db8::1]:5000/web:1', { image: '[2001:db8::1]:5000/web:1' }],
    ['app=localhost:5000/team/web:1', { container: 'app', image: 'localhost:5000/team/web:1' }],
    [`app=ghcr.io/o/web@${DIGEST}`, { container: 'app', image: `ghcr.io/o/web@${DIGEST}` }],
    [`app=web:1.1@${DIGEST}`, { container: 'app', image: `web:1.1@${DIGEST}` }],
    ['  app  =  web:1.1  ', { container: 'app', image: 'web:1.1' }],
    ['app=web:Nightly_2', { container: 'app', image: 'web:Nightly_2' }],
    ['app=Registry.Example.com/web:1', { container: 'app', image: 'Registry.Example.com/web:1' }],
  ])('%s', (text, line) => {
    expect(parseImages(text)).toEqual({ lines: [line], problems: [] });
  });

  test('comments, blank lines and line ends of any kind are nothing', () => {
    expect(parseImages('# first\r\n\r\napp=web:1\r\n\n  # more\rside=envoy:2\n').lines).toEqual([
      { container: 'app', image: 'web:1' },
      { container: 'side', image: 'envoy:2' },
    ]);
    expect(parseImages('')).toEqual({ lines: [], problems: [] });
  });

  test.each([
    ['app=', 'images: "app=" has no image; write container=image'],
    ['app=web:', 'images: "app=web:" has nothing after the last ":"; is a variable empty?'],
    ['app=web@', 'images: "app=web@" has nothing after the last "@"; is a variable empty?'],
    ['app=web:1 # new', 'images: "app=web:1 # new" is not an image reference; write registry/name:tag'],
    ['app=web:1, side=envoy:2', 'images: "app=web:1, side=envoy:2" is not an image reference; write registry/name:tag'],
    ['app=a=b', 'images: "app=a=b" is not an image reference; write registry/name:tag'],
    ['app=https://a.io/web', 'images: "app=https://a.io/web" is not an image reference; write registry/name:tag'],
    [
      'app=ghcr.io/Octo/Shop:1',
      'images: "app=ghcr.io/Octo/Shop:1" has capitals in its repository; write it in lower case',
    ],
    ['app=Octo/shop:1', 'images: "app=Octo/shop:1" has capitals in its repository; write it in lower case'],
    ['Web:1', 'images: "Web:1" has capitals in its repository; write it in lower case'],
    ['*=web:1', 'images: "*=web:1" would change sidecars too; name the container'],
    ['web/*=web:1', 'images: "web/*=web:1" would change sidecars too; name the container'],
    ['=web:1', 'images: "=web:1" names no container; write container=image or workload/container=image'],
    ['web/=web:1', 'images: "web/=web:1" names no container; write container=image or workload/container=image'],
    ['/app=web:1', 'images: "/app=web:1" names no container; write container=image or workload/container=image'],
    ['a/b/c=web:1', 'images: "a/b/c=web:1" names no container; write container=image or workload/container=image'],
  ])('%s is refused', (text, problem) => {
    expect(parseImages(text)).toEqual({ lines: [], problems: [problem] });
  });

  test('every problem is said, in one line of bounded length', () => {
    const { problems } = parseImages(`*=a\n${'x'.repeat(500)}=\napp=`);
    expect(problems).toHaveLength(3);
    for (const problem of problems) expect(problem.length).toBeLessThan(200);
  });

  test.each([
    ['app=web:1\napp=web:2', 'images: "app" is given twice; leave one'],
    ['web/app=web:1\ndeployment/web/app=web:2', 'images: "web/app" is given twice; leave one'],
    ['web:1\nweb:2', 'images: a bare image is given twice; leave one'],
  ])('one target twice: %j', (text, problem) => {
    expect(parseImages(text).problems).toEqual([problem]);
  });
});

const ONE: PodTemplate = { spec: { containers: [{ name: 'app', image: 'web:1' }] } };
const TWO: PodTemplate = {
  metadata: { labels: { app: 'web' } },
  spec: {
    initContainers: [{ name: 'migrate', image: 'web:1' }],
    containers: [{ name: 'app', image: 'web:1' }, { name: 'side' }],
    priorityClassName: 'high',
  },
};

function applied(template: PodTemplate, text: string) {
  const result = applyImages({ name: 'web', template }, parseImages(text).lines);
  return result.kind === 'template' ? imagesOf(result.template) : result.problems;
}

describe('applyImages', () => {
  test.each([
    ['a bare image, one container', ONE, 'web:2', { app: 'web:2' }],
    ['one of several', TWO, 'app=web:2', { migrate: 'web:1', app: 'web:2', side: '' }],
    ['an init container', TWO, 'migrate=web:2', { migrate: 'web:2', app: 'web:1', side: '' }],
    ['all', TWO, 'app=web:2\nmigrate=web:3\nside=envoy:4', { migrate: 'web:3', app: 'web:2', side: 'envoy:4' }],
    ['a line for another workload beside', ONE, 'app=web:2\napi/app=api:2', { app: 'web:2' }],
    ['the line for this workload first', ONE, 'web/app=web:3\napp=web:2', { app: 'web:3' }],
    ['the line for this workload last', ONE, 'app=web:2\nweb/app=web:3', { app: 'web:3' }],
    ['a named container over a bare image', ONE, 'app=web:3\nweb:2', { app: 'web:3' }],
  ])('%s', (_, template, text, images) => {
    expect(applied(template, text)).toEqual(images);
  });

  test.each([
    [
      'an unknown container',
      TWO,
      'sidcar=envoy:2',
      'images names no container of it (has: migrate, app, side); add a line web/migrate=IMAGE',
    ],
    [
      'an unknown container of this workload',
      ONE,
      'app=web:2\nweb/sidcar=envoy:2',
      'images: it has no container "sidcar" (has: app)',
    ],
    ['a bare image for several', TWO, 'web:2', 'images: "web:2" fits any of migrate, app, side; write container=image'],
    [
      'another workload only',
      ONE,
      'api/app=api:2',
      'images names no container of it (has: app); add a line web/app=IMAGE',
    ],
    ['nothing', ONE, '', 'images names no container of it (has: app); add a line web/app=IMAGE'],
  ])('%s is refused', (_, template, text, problem) => {
    expect(applied(template, text)).toEqual([problem]);
  });

  test('nothing else in the template changes', () => {
    const result = applyImages({ name: 'web', template: TWO }, [{ container: 'app', image: 'web:2' }]);
    expect(result).toEqual({
      kind: 'template',
      template: {
        ...TWO,
        spec: {
          ...TWO.spec,
          initContainers: [{ name: 'migrate', image: 'web:1' }],
          containers: [{ name: 'app', image: 'web:2' }, { name: 'side' }],
        },
      },
    });
  });
});

describe('lines of a train', () => {
  const targets = [
    { name: 'web', template: TWO },
    { name: 'api', template: ONE },
  ];

  test.each([
    ['app=web:2', []],
    ['side=envoy:2\napp=web:2', []],
    ['web/sidcar=envoy:2', []],
    ['app=web:2\nsidcar=envoy:2', ['sidcar']],
    ['app=web:2\nwbe/app=web:2', ['wbe/app']],
  ])('%j', (text, stray) => {
    expect(strayImages(parseImages(text).lines, targets)).toEqual(
      stray.map(
        (name) =>
          `images: "${name}" is no container of this run (web has migrate, app, side; api has app); correct the name`,
      ),
    );
  });

  test('a line is meant for the workload that it names, or for all that have its container', () => {
    const [web, api] = targets as [(typeof targets)[0], (typeof targets)[0]];
    expect(isMeantFor({ image: 'x' }, api)).toBe(true);
    expect(isMeantFor({ container: 'side', image: 'x' }, web)).toBe(true);
    expect(isMeantFor({ container: 'side', image: 'x' }, api)).toBe(false);
    expect(isMeantFor({ workload: 'web', container: 'app', image: 'x' }, api)).toBe(false);
  });
});
