import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { refOf, requireActor } from '../access/index.js';
import type { Barcode } from './barcode.entity.js';
import type { CatalogContext } from './catalog-context.js';
import type { Category } from './category.entity.js';
import { CategoryType } from './category.schema.js';
import {
  StockItemInput,
  StockItemPatchInput,
  StockItemRef,
  toItemChanges,
  toItemDraft,
  toItemRef,
} from './stock-item-input.schema.js';
import type { StockItem } from './stock-item.entity.js';
import { BarcodeType, StockItemPayload, StockItemType } from './stock-item.schema.js';

@Resolver(() => StockItemType)
export class StockItemResolver {
  @Query(() => StockItemType, { nullable: true, description: 'Archived ones too.' })
  async stockItem(
    @Arg('by', () => StockItemRef) by: StockItemRef,
    @Ctx() { catalog }: CatalogContext,
  ): Promise<StockItem | null> {
    return (await catalog.reader.itemByRef(toItemRef(by))) ?? null;
  }

  @FieldResolver(() => CategoryType, { nullable: true })
  async category(@Root() { category }: StockItem, @Ctx() { catalog }: CatalogContext): Promise<Category | null> {
    return category && ((await catalog.reader.category(category.id)) ?? null);
  }

  @FieldResolver(() => [BarcodeType], { description: 'The default one first.' })
  barcodes(@Root() item: StockItem, @Ctx() { catalog }: CatalogContext): Promise<Barcode[]> {
    return catalog.reader.barcodesOf(item);
  }

  @FieldResolver(() => String, { description: "The shop's: ISO 4217." })
  currency(@Ctx() ctx: CatalogContext): string {
    return requireActor(ctx).shop.currency;
  }

  @Mutation(() => StockItemPayload)
  stockItemCreate(
    @Arg('input', () => StockItemInput) input: StockItemInput,
    @Ctx() ctx: CatalogContext,
  ): Promise<StockItemPayload> {
    return payload(() => ctx.catalog.items.create(requireActor(ctx), toItemDraft(input)));
  }

  @Mutation(() => StockItemPayload)
  stockItemUpdate(
    @Arg('id', () => ID) id: string,
    @Arg('patch', () => StockItemPatchInput) patch: StockItemPatchInput,
    @Ctx() ctx: CatalogContext,
  ): Promise<StockItemPayload> {
    return payload(() => ctx.catalog.items.update(requireActor(ctx), refOf('StockItem', id), toItemChanges(patch)));
  }

  @Mutation(() => StockItemPayload, { description: 'Takes it out of the lists; it can still be moved and scanned.' })
  stockItemArchive(@Arg('id', () => ID) id: string, @Ctx() ctx: CatalogContext): Promise<StockItemPayload> {
    return payload(() => ctx.catalog.items.archive(requireActor(ctx), refOf('StockItem', id)));
  }
}

function payload(act: () => Promise<StockItem>): Promise<StockItemPayload> {
  return mutationPayload(async () => ({ stockItem: await act() }));
}
