import 'reflect-metadata';
import { isInterfaceType, isObjectType, isUnionType, type GraphQLSchema } from 'graphql';
import { Field, ID, InterfaceType } from 'type-graphql';
import { isNodeTypeName, toGlobalId } from './global-id.js';

/**
 * Object types name it in `implements`. Their `id` needs no resolver: completeNodes gives every one the global id made of the type's
 * name and the row's `id`.
 */
@InterfaceType('Node', { description: 'Anything with a global id, which `node` and `nodes` find again.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and stable; unique over all types.' })
  id!: string;
}

/**
 * The GraphQL type of a value behind an interface or a union: what its `__typename` says, else its class's name. An entity's class is
 * therefore named as its GraphQL type (class StockItem, type StockItem), and a plain object carries `__typename`.
 */
export function typeNameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) throw new TypeError('A value behind an interface is no object.');
  if ('__typename' in value && typeof value.__typename === 'string') return value.__typename;
  return value.constructor.name;
}

/**
 * Finishes a built schema in place: global ids on all nodes, and a synchronous resolveType on all abstract types (graphql-jit cannot
 * await the one that type-graphql makes).
 */
export function completeNodes(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInterfaceType(type) || isUnionType(type)) type.resolveType = typeNameOf;
    if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Node')) continue;
    const { name } = type;
    const { id } = type.getFields();
    if (!isNodeTypeName(name) || id === undefined)
      throw new TypeError(`${name} implements Node, but global-id.ts has no letter for it.`);
    id.resolve = (row: { id: string }) => toGlobalId(name, row.id);
  }
}
