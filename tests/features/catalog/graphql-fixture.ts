import { graphql, type GraphQLSchema } from 'graphql';
import type { MikroORM } from '@mikro-orm/postgresql';
import { FIELD_RULES } from '../../../src/app/field-rules.js';
import { AccessReader, ApiKeyResolver, LocationResolver, ShopResolver, type Actor } from '../../../src/features/access/index.js';
import { CategoryResolver, StockItemResolver, type CatalogContext } from '../../../src/features/catalog/index.js';
import { buildStockroomSchema } from '../../../src/transport/build-schema.js';
import { accessServices } from '../access/access-fixture.js';
import { catalogServices } from './catalog-fixture.js';

const RESOLVERS = [ShopResolver, LocationResolver, ApiKeyResolver, CategoryResolver, StockItemResolver];

export interface Reply {
  readonly data: Record<string, unknown>;
  /** Codes of top-level errors. */
  readonly errors: readonly unknown[];
}

/** The schema of these two rooms alone, run by graphql-js as an actor, each request with readers of its own. */
export class TwoRooms {
  readonly schema: GraphQLSchema = buildStockroomSchema(RESOLVERS, FIELD_RULES);
  private readonly services;
  private readonly catalog;

  constructor(private readonly orm: MikroORM) {
    this.services = accessServices(orm.em);
    this.catalog = catalogServices(orm);
  }

  async run(actor: Actor | undefined, source: string, variableValues: Record<string, unknown> = {}): Promise<Reply> {
    const contextValue = this.contextOf(actor);
    const { data, errors } = await graphql({ schema: this.schema, source, variableValues, contextValue });
    // Results have no prototype, which toEqual would see.
    const plain = JSON.parse(JSON.stringify(data ?? {})) as Record<string, unknown>;
    return {
      data: plain,
      errors: (errors ?? []).map(
        ({ message, originalError }) => (originalError as { code?: unknown } | undefined)?.code ?? message,
      ),
    };
  }

  private contextOf(actor: Actor | undefined): CatalogContext {
    const shopId = actor?.shopId ?? '';
    const { locations, apiKeys, shops } = this.services;
    const { items, categories } = this.catalog;
    return {
      actor,
      access: { reader: new AccessReader(this.orm.em.fork(), shopId), locations, apiKeys, shops },
      catalog: { reader: this.catalog.reader(shopId), items, categories },
    };
  }
}
