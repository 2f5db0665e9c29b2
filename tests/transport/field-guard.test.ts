import 'reflect-metadata';
import { buildSchema, graphql, type GraphQLResolveInfo } from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildStockroomSchema } from '../../src/transport/build-schema.js';
import { guardFields, type FieldRules } from '../../src/transport/field-guard.js';
import { permissionsOf, type Role } from '../../src/features/access/index.js';
import { SMALL_RULES, SmallShopResolver } from './small-shop.js';

const actorOf = (role: Role) => ({ actorId: 'a', role, permissions: permissionsOf(role) });

describe('a schema is not built', () => {
  const build = (rules: FieldRules) => () => buildStockroomSchema([SmallShopResolver], { ...SMALL_RULES, ...rules });

  test('with a field that has no rule, and says which', () => {
    expect(build({})).not.toThrow();
    expect(build({ StockItem: { id: 'AS_PARENT', name: 'read', category: 'read' } })).toThrow(/StockItem.price has no rule/);
    expect(build({ Mutation: {} })).toThrow(/Mutation.itemUpdate has no rule/);
    expect(build({ ItemPayload: {} })).toThrow(/ItemPayload.item has no rule[^]*ItemPayload.userErrors has no rule/);
  });

  test('with a root or a node that is open as a whole', () => {
    expect(build({ Query: 'AS_PARENT' })).toThrow('Query: a root and a node name each field.');
    expect(build({ Mutation: { itemUpdate: 'AS_PARENT' } })).toThrow(/Mutation.itemUpdate: a root is given to everybody/);
    expect(build({ StockItem: 'AS_PARENT' })).toThrow('StockItem: a root and a node name each field.');
  });

  test('with a field that has the name of what every object inherits', () => {
    const inherited = new Map([['Query', Object.create({ ...(SMALL_RULES.Query as object) }) as FieldRules[string]]]);
    expect(build(Object.fromEntries(inherited))).toThrow(/Query.hello has no rule/);
  });
});

describe('a field is given', () => {
  const schema = buildStockroomSchema([SmallShopResolver], {
    ...SMALL_RULES,
    Query: { ...(SMALL_RULES.Query as Record<string, 'PUBLIC'>), hello: 'PERSON', colour: 'catalog' },
  });
  const ask = async (source: string, contextValue: object) => {
    const { data, errors } = await graphql({ schema, source, contextValue });
    return errors === undefined ? { ...data } : (errors[0]?.originalError as unknown as { code: string }).code;
  };

  test('to a person whether or not he has chosen a shop, and to no key', async () => {
    expect(await ask('{ hello }', { person: {} })).toEqual({ hello: 'world' });
    expect(await ask('{ hello }', { actor: actorOf('OWNER') })).toBe('UNAUTHENTICATED');
    expect(await ask('{ hello }', {})).toBe('UNAUTHENTICATED');
  });

  test('to who has its right', async () => {
    expect(await ask('{ colour }', { actor: actorOf('MANAGER') })).toEqual({ colour: 'RED' });
    expect(await ask('{ colour }', { actor: actorOf('READER') })).toBe('FORBIDDEN');
    expect(await ask('{ colour }', { person: {} })).toBe('FORBIDDEN');
    expect(await ask('{ colour }', {})).toBe('UNAUTHENTICATED');
  });

  test('at once where its resolver gives it at once', () => {
    const resolve = schema.getQueryType()?.getFields().hello?.resolve;
    expect(resolve?.({}, {}, { person: {} }, {} as GraphQLResolveInfo)).toBe('world');
  });
});

test('a subscription is refused before it begins', () => {
  const begun: object[] = [];
  const schema = buildSchema('type Query { q: Int } type Subscription { news: Int }');
  const news = schema.getSubscriptionType()?.getFields().news;
  Object.assign(news ?? {}, { subscribe: (_: unknown, __: unknown, context: object) => begun.push(context) });
  guardFields(schema, { Query: { q: 'PUBLIC' }, Subscription: { news: 'read' } });
  const begin = (actor: object) => news?.subscribe?.({}, {}, { actor }, {} as GraphQLResolveInfo);
  expect(() => begin(actorOf('DEVICE'))).toThrow('This needs the right READ; yours are: SCAN.');
  expect(begun).toHaveLength(0);
  begin(actorOf('READER'));
  expect(begun).toHaveLength(1);
});
