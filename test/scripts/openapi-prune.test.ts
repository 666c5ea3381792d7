import { expect, test } from '@jest/globals';
import { pruneDescription } from '../../scripts/openapi/prune.ts';

const deployment = {
  type: 'object',
  description: 'prose',
  properties: { description: { $ref: '#/components/schemas/text' } },
};
const json = (schema: object) => ({
  description: 'prose',
  headers: {},
  content: { 'application/json': { schema, examples: {} } },
});
const description = {
  openapi: '3.0.3',
  paths: {
    '/deployments': {
      get: {
        tags: ['deployments'],
        'x-github': {},
        parameters: [{ $ref: '#/components/parameters/page' }],
        responses: { 200: json({ type: 'array', items: { $ref: '#/components/schemas/deployment' } }) },
      },
      post: { responses: {} },
    },
    '/other': { get: { responses: { 200: json({ $ref: '#/components/schemas/other' }) } } },
  },
  components: {
    parameters: { page: { name: 'page', in: 'query', description: 'prose', schema: { type: 'integer' } } },
    schemas: { deployment, text: { type: 'string', enum: ['title', 'x-y'], example: 'e' }, other: { type: 'string' } },
  },
};

test('an operation keeps what it refers to, at any remove, and properties named like prose', () => {
  expect(pruneDescription(description, [{ method: 'GET', template: '/deployments' }])).toEqual({
    openapi: '3.0.3',
    paths: {
      '/deployments': {
        get: {
          parameters: [{ $ref: '#/components/parameters/page' }],
          responses: {
            200: {
              content: {
                'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/deployment' } } },
              },
            },
          },
        },
      },
    },
    components: {
      parameters: { page: { name: 'page', in: 'query', schema: { type: 'integer' } } },
      schemas: {
        deployment: { type: 'object', properties: { description: { $ref: '#/components/schemas/text' } } },
        text: { type: 'string', enum: ['title', 'x-y'] },
      },
    },
  });
});

test.each([
  [{ method: 'DELETE', template: '/deployments' }, 'DELETE /deployments is not in the description'],
  [{ method: 'GET', template: '/gone' }, 'GET /gone is not in the description'],
])('what is not there is no operation: %j', (operation, message) => {
  expect(() => pruneDescription(description, [operation])).toThrow(message);
});
