import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { idOf } from '../../graphql/global-id.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { quantity as exact, type Quantity } from '../../kernel/quantity.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { optionalRefOf, requireActor } from '../access/index.js';
import { StockItemInput, toItemDraft } from '../catalog/index.js';
import type { BarcodeContext } from './barcode.context.js';
import type { ParkedScan } from './parked-scan.entity.js';
import { ParkedScanConnection, ParkedScanResolvePayload, ParkedScanType, ProductSuggestionType } from './parked-scan.schema.js';
import type { ParkedScanResolution } from './parked-scan.service.js';
import type { ProductSuggestion } from './product-suggestion.js';

@Resolver(() => ParkedScanType)
export class ParkedScanResolver {
  @FieldResolver(() => String, { description: 'As a batch named it; otherwise the name of who scanned.' })
  async device(@Root() { device, actor }: ParkedScan, @Ctx() ctx: BarcodeContext): Promise<string> {
    return device === actor.id ? ((await ctx.access.reader.principal(actor.id))?.name ?? device) : device;
  }

  @FieldResolver(() => ProductSuggestionType, {
    nullable: true,
    description: 'Looked up in the background where the server is set to; null until then, and where nobody knows the code.',
  })
  suggestion(@Root() { normalized }: ParkedScan, @Ctx() ctx: BarcodeContext): Promise<ProductSuggestion | undefined> {
    return ctx.barcode.reader.suggestion(normalized);
  }

  @Query(() => ParkedScanConnection, { description: 'Those that wait for a name, the first that came first.' })
  parkedScans(
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: BarcodeContext,
  ): Promise<Connection<ParkedScan>> {
    return ctx.barcode.reader.waiting({ first, after });
  }

  @Mutation(() => ParkedScanResolvePayload, {
    description:
      'Names an unknown code as a barcode of this item and applies the scans that were parked under it, each once. quantity: base units that one scan means.',
  })
  parkedScanResolve(
    @Arg('code', () => String) code: string,
    @Arg('stockItem', () => ID) stockItem: string,
    @Arg('quantity', () => DecimalScalar, { nullable: true, defaultValue: exact(1) }) quantity: Quantity | null,
    @Ctx() ctx: BarcodeContext,
  ) {
    const naming = { code, itemId: idOf('StockItem', stockItem), quantity };
    return payload(() => ctx.barcode.parked.resolve(requireActor(ctx), naming));
  }

  @Mutation(() => ParkedScanResolvePayload, {
    description: 'Creates an item with an unknown code as a barcode, and applies the scans that were parked under it, each once.',
  })
  parkedScanCreateItem(
    @Arg('code', () => String) code: string,
    @Arg('input', () => StockItemInput) input: StockItemInput,
    @Ctx() ctx: BarcodeContext,
  ) {
    return payload(() => ctx.barcode.parked.createItem(requireActor(ctx), code, toItemDraft(input)));
  }

  @Mutation(() => ParkedScanResolvePayload, {
    description:
      'Creates an item of what is suggested for an unknown code, with the code as its barcode, and applies the scans that were parked under it, each once. sku: the code as it is printed, where none is given; name: the suggested brand and name.',
  })
  parkedScanAcceptSuggestion(
    @Arg('code', () => String) code: string,
    @Arg('sku', () => String, { nullable: true }) sku: string | null,
    @Arg('name', () => String, { nullable: true }) name: string | null,
    @Arg('category', () => ID, { nullable: true }) category: string | null,
    @Ctx() ctx: BarcodeContext,
  ) {
    const own = { sku, name, category: optionalRefOf('Category', category) };
    return payload(() => ctx.barcode.parked.acceptSuggestion(requireActor(ctx), code, own));
  }
}

function payload(act: () => Promise<ParkedScanResolution>) {
  return mutationPayload(act, { applied: [] });
}
