import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { printSortedSchema } from '../../src/transport/build-schema.js';
import { breakingChanges, checkSchemaFiles } from '../../src/transport/schema-file.js';
import { smallSchema } from './small-shop.js';

describe('checkSchemaFiles', () => {
  const schema = smallSchema();
  const emitted = printSortedSchema(schema);

  test('the same schema, built again, has nothing to complain of', () => {
    expect(checkSchemaFiles(smallSchema(), { emitted, published: emitted })).toEqual([]);
    expect(emitted).toContain('input ItemRef @oneOf {');
    expect(printSortedSchema(buildSchema(emitted))).toBe(emitted);
  });

  test('a stale file', () => {
    expect(checkSchemaFiles(schema, { emitted: `${emitted}\n`, published: undefined })).toEqual([
      expect.stringContaining('stale'),
    ]);
    expect(checkSchemaFiles(schema, { emitted: undefined, published: undefined })).toHaveLength(1);
  });

  test('a schema that lost what clients use', () => {
    const published = emitted.replace('hello: String!', 'hello: String!\n  goodbye: String');
    expect(checkSchemaFiles(schema, { emitted, published })).toEqual(['FIELD_REMOVED: Query.goodbye was removed.']);
  });
});

test.each([
  ['FIELD_CHANGED_KIND', 'type Query { a: Int }'],
  ['REQUIRED_ARG_ADDED', 'type Query { a(b: Int!): Int! }'],
])('%s breaks clients', (kind, after) => {
  expect(breakingChanges(buildSchema('type Query { a: Int! }'), buildSchema(after))[0]).toContain(kind);
});

test('an input that becomes @oneOf breaks clients, an added field does not', () => {
  const before = 'type Query { a(i: I): Int } input I { x: Int y: Int }';
  expect(breakingChanges(buildSchema(before), buildSchema(before.replace('input I', 'input I @oneOf')))).toEqual([
    expect.stringContaining('INPUT_BECAME_ONE_OF: I'),
  ]);
  expect(breakingChanges(buildSchema(before), buildSchema(`${before} extend type Query { b: Int }`))).toEqual([]);
});
