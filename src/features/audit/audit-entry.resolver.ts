import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { filterAnyId, isNodeTypeName, toGlobalId } from '../../graphql/global-id.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { AuditEntryConnection, AuditEntryType, AuditFilter } from './audit-entry.schema.js';
import type { AuditContext } from './audit.context.js';

@Resolver(() => AuditEntryType)
export class AuditEntryResolver {
  @Query(() => AuditEntryConnection, { description: 'What was done in the shop, the newest first.' })
  auditEntries(
    @Arg('filter', () => AuditFilter, { nullable: true }) filter: AuditFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { audit }: AuditContext,
  ): Promise<Connection<AuditEntry>> {
    const who = { actorId: filterAnyId(filter?.actor), subjectId: filterAnyId(filter?.subject) };
    const criteria = { ...who, operation: filter?.operation, since: filter?.since, until: filter?.until };
    return audit.reader.page(criteria, { first, after });
  }

  @FieldResolver(() => ID, { nullable: true, description: 'Its global id, though it may be gone; null where it has none.' })
  subject(@Root() { subjectType, subjectId }: AuditEntry): string | null {
    return subjectId !== null && isNodeTypeName(subjectType) ? toGlobalId(subjectType, subjectId) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Name of the person or API key that did it; null where the program did.',
  })
  async actor(@Root() { actor }: AuditEntry, @Ctx() { access }: AuditContext): Promise<string | undefined> {
    return actor ? (await access.reader.principal(actor.id))?.name : undefined;
  }
}
