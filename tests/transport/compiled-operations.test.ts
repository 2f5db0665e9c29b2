import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { CompiledOperations } from '../../src/transport/compiled-operations.js';

const SCHEMA = buildSchema('type Query { a: Int b: Int c: Int }');

test('keeps what was used last, and no more than it may', () => {
  const operations = new CompiledOperations(SCHEMA, 2);
  const get = (field: string) => operations.get(field, parse(`{ ${field} }`), undefined);
  const a = get('a');
  get('b');
  expect(get('a')).toBe(a);
  get('c');
  expect(operations.size).toBe(2);
  expect(get('a')).toBe(a);
  expect(operations.size).toBe(2);
});

test('what cannot be compiled is not kept', () => {
  const operations = new CompiledOperations(SCHEMA);
  expect(operations.get('x', parse('query A { a } query B { b }'), 'C')).toBeUndefined();
  expect(operations.size).toBe(0);
});
