import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { CompiledOperations } from '../../src/transport/compiled-operations.js';

const SCHEMA = buildSchema('type Query { a: Int b: Int c: Int }');
const asked = (text: string, mayCompile = true, operationName?: string) => ({
  ...{ key: text, document: parse(text), operationName, mayCompile },
});

test('keeps what was used last, and no more than it may', () => {
  const operations = new CompiledOperations(SCHEMA, { capacity: 2 });
  const get = (field: string) => operations.get(asked(`{ ${field} }`));
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
  expect(operations.get(asked('query A { a } query B { b }', true, 'C'))).toBeUndefined();
  expect(operations.size).toBe(0);
});

test('what may not be compiled is not, unless it was before', () => {
  const operations = new CompiledOperations(SCHEMA);
  expect(operations.get(asked('{ a }', false))).toBeUndefined();
  const compiled = operations.get(asked('{ a }'));
  expect(compiled).toBeDefined();
  expect(operations.get(asked('{ a }', false))).toBe(compiled);
});

test('long texts go sooner: what is kept is bounded by how much they are together', () => {
  const operations = new CompiledOperations(SCHEMA);
  const long = ' '.repeat(150_000);
  for (const field of ['a', 'b', 'c', 'a b', 'b c']) operations.get(asked(`{ ${field} ${long} }`));
  expect(operations.size).toBe(3);
});

test('whoever sends ever new operations has most of them interpreted, until some time has gone by', () => {
  let at = 0;
  // Each look at the clock is a second later: so long it takes to compile one.
  const operations = new CompiledOperations(SCHEMA, { now: () => (at += 1_000) });
  const compiled = (n: number): boolean => operations.get(asked(`query Q${String(n)} { a }`)) !== undefined;
  const count = Array.from({ length: 250 }, (_, n) => compiled(n)).filter(Boolean).length;
  expect(compiled(0)).toBe(true);
  // A fifth of the time, the seconds at the start, and the one that was begun within them.
  expect(count * 1_000).toBeLessThanOrEqual(at * 0.2 + 6_000);
  expect(count).toBeGreaterThan(5);
  at += 60_000;
  expect(compiled(1_000)).toBe(true);
});
