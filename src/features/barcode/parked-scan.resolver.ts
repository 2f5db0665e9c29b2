import 'reflect-metadata';
import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { idOf } from '../../graphql/global-id.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { quantity as exact, type Quantity } from '../../kernel/quantity.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { requireActor, type Permission } from '../access/index.js';
import { StockItemInput, toItemDraft } from '../catalog/index.js';
import type { BarcodeContext } from './barcode.context.js';
import type { ParkedScan } from './parked-scan.entity.js';
import { ParkedScanConnection, ParkedScanResolvePayload, ParkedScanType } from './parked-scan.schema.js';
import type { ParkedScanResolution } from './parked-scan.service.js';

@Resolver(() => ParkedScanType)
export class ParkedScanResolver {
  @FieldResolver(() => String, { description: 'As a batch named it; otherwise the name of the API key that scanned.' })
  async device(@Root() { device, actor }: ParkedScan, @Ctx() ctx: BarcodeContext): Promise<string> {
    return device === actor.id ? ((await ctx.access.reader.apiKey(actor.id))?.name ?? device) : device;
  }

  @Authorized<Permission>('read')
  @Query(() => ParkedScanConnection, { description: 'Those that wait for a name, the first that came first.' })
  parkedScans(
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: BarcodeContext,
  ): Promise<Connection<ParkedScan>> {
    return ctx.barcode.reader.waiting({ first, after });
  }

  @Authorized<Permission>('catalog')
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

  @Authorized<Permission>('catalog')
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
}

function payload(act: () => Promise<ParkedScanResolution>) {
  return mutationPayload(act, { applied: [] });
}
