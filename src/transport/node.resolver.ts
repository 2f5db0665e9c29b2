import 'reflect-metadata';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { RequestError } from '../kernel/errors.js';
import { MAX_PAGE_SIZE } from '../platform/paging.js';
import { parseGlobalId, type GlobalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.schema.js';

/** How a request finds a row of its shop by its global id; null for a row that is not there or is another shop's. */
export interface NodeContext {
  readonly findNode: (id: GlobalId) => Promise<object | null>;
}

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true })
  node(@Arg('id', () => ID) id: string, @Ctx() ctx: NodeContext): Promise<object | null> {
    return find(id, ctx);
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: `At most ${String(MAX_PAGE_SIZE)} ids; null where there is no such node.`,
  })
  nodes(@Arg('ids', () => [ID]) ids: string[], @Ctx() ctx: NodeContext): Promise<(object | null)[]> {
    if (ids.length > MAX_PAGE_SIZE) throw new RequestError('BAD_USER_INPUT', `At most ${String(MAX_PAGE_SIZE)} ids at a time.`);
    return Promise.all(ids.map((id) => find(id, ctx)));
  }
}

async function find(id: string, ctx: NodeContext): Promise<object | null> {
  const parsed = parseGlobalId(id);
  return parsed ? ctx.findNode(parsed) : null;
}
