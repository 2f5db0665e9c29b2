import 'reflect-metadata';
import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { idOf } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { requireActor } from '../access/index.js';
import type { OperationsContext } from './operations.context.js';
import type { OutboxJob, OutboxJobState } from './outbox-job.js';
import { OutboxJobConnection, OutboxJobPayload, OutboxJobStateEnum, OutboxJobType } from './outbox-job.schema.js';

@Resolver(() => OutboxJobType)
export class OutboxJobResolver {
  @Query(() => OutboxJobConnection, { description: 'What the shop has left to be done outside, the first that came first.' })
  outboxJobs(
    @Arg('state', () => OutboxJobStateEnum, { nullable: true, defaultValue: 'SET_ASIDE' }) state: OutboxJobState | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: OperationsContext,
  ): Promise<Connection<OutboxJob>> {
    return ctx.operations.reader.page(state ?? 'SET_ASIDE', { first, after });
  }

  @Mutation(() => OutboxJobPayload, {
    description: 'Has what was set aside tried again, under the id under which it was tried before.',
  })
  outboxJobReplay(@Arg('id', () => ID) id: string, @Ctx() ctx: OperationsContext) {
    return mutationPayload(async () => {
      const replayed = await ctx.operations.jobs.replay(requireActor(ctx), idOf('OutboxJob', id));
      return { outboxJob: await ctx.operations.reader.byId(replayed) };
    });
  }
}
