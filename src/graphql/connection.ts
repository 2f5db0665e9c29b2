import 'reflect-metadata';
import { Field, Int, ObjectType, Root, type ClassType } from 'type-graphql';
import type { Connection, PageInfoValue } from '../platform/paging.js';

@ObjectType('PageInfo', { description: 'As the Relay cursor connections specification has it.', simpleResolvers: true })
export class PageInfo implements PageInfoValue {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/** A connection without edges: `<name>Connection` with nodes, pageInfo and totalCount. */
export function nodesConnectionOf(nodeType: () => ClassType, name: string): ClassType {
  @ObjectType(`${name}Connection`)
  class NodesConnection {
    @Field(() => [nodeType()])
    nodes!: object[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;

    @Field(() => Int, { name: 'totalCount', description: 'Of all pages; counted only when asked for.' })
    countAll(@Root() connection: Connection<object>): Promise<number> {
      return connection.totalCount();
    }
  }
  return NodesConnection;
}

/**
 * The Relay connection of a node type: `<name>Connection` and `<name>Edge`. Call it once for each name, at module level; resolvers
 * return platform's Connection of entities.
 */
export function connectionOf(nodeType: () => ClassType, name: string): ClassType {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String)
    cursor!: string;

    @Field(() => nodeType())
    node!: object;
  }

  @ObjectType(`${name}Connection`)
  class EdgesConnection {
    @Field(() => [Edge])
    edges!: Edge[];

    @Field(() => [nodeType()])
    nodes!: object[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;

    @Field(() => Int, { name: 'totalCount', description: 'Of all pages; counted only when asked for.' })
    countAll(@Root() connection: Connection<object>): Promise<number> {
      return connection.totalCount();
    }
  }
  return EdgesConnection;
}
