import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { idOf } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { optionalRefOf, refOf, requireActor } from '../access/index.js';
import type { CatalogContext } from './catalog-context.js';
import type { Category } from './category.entity.js';
import { CategoryInput, CategoryPatchInput, CategoryPayload, CategoryRef, CategoryType } from './category.schema.js';
import type { StockItem } from './stock-item.entity.js';
import { StockItemConnection } from './stock-item.schema.js';

@Resolver(() => CategoryType)
export class CategoryResolver {
  @Query(() => CategoryType, { nullable: true })
  async category(@Arg('by', () => CategoryRef) by: CategoryRef, @Ctx() { catalog }: CatalogContext): Promise<Category | null> {
    if (by.id == null) return (await catalog.reader.categories.byCode(by.code ?? '')) ?? null;
    const id = idOf('Category', by.id);
    return (id === undefined ? undefined : await catalog.reader.category(id)) ?? null;
  }

  @Query(() => [CategoryType], {
    description: 'Roots of the tree by code, or every category under parent, in the order of the tree.',
  })
  categories(
    @Arg('parent', () => ID, { nullable: true }) parent: string | null | undefined,
    @Ctx() { catalog: { reader } }: CatalogContext,
  ): Promise<readonly Category[]> | Category[] {
    if (parent == null) return reader.categories.roots();
    const id = idOf('Category', parent);
    return id === undefined ? [] : reader.categories.beneath(id);
  }

  @FieldResolver(() => CategoryType, { nullable: true })
  async parent(@Root() { parent }: Category, @Ctx() { catalog }: CatalogContext): Promise<Category | null> {
    return parent && ((await catalog.reader.category(parent.id)) ?? null);
  }

  @FieldResolver(() => [CategoryType], { description: 'From the root down to this category.' })
  path(@Root() category: Category, @Ctx() { catalog }: CatalogContext): Promise<readonly Category[]> {
    return catalog.reader.categories.pathOf(category);
  }

  @FieldResolver(() => [CategoryType], { description: 'Right beneath it, by code.' })
  children(@Root() category: Category, @Ctx() { catalog }: CatalogContext): Promise<readonly Category[]> {
    return catalog.reader.categories.childrenOf(category);
  }

  @FieldResolver(() => StockItemConnection, {
    description: 'Of this category and everything beneath it, by SKU; not archived ones.',
  })
  stockItems(
    @Root() { id }: Category,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { catalog }: CatalogContext,
  ): Promise<Connection<StockItem>> {
    return catalog.reader.itemsOfCategory.page(id, { first, after });
  }

  @Mutation(() => CategoryPayload)
  categoryCreate(@Arg('input', () => CategoryInput) input: CategoryInput, @Ctx() ctx: CatalogContext): Promise<CategoryPayload> {
    const draft = { name: input.name, code: input.code, parent: optionalRefOf('Category', input.parent) };
    return payload(() => ctx.catalog.categories.create(requireActor(ctx), draft));
  }

  @Mutation(() => CategoryPayload)
  categoryUpdate(
    @Arg('id', () => ID) id: string,
    @Arg('patch', () => CategoryPatchInput) patch: CategoryPatchInput,
    @Ctx() ctx: CatalogContext,
  ): Promise<CategoryPayload> {
    const changes = { name: patch.name, code: patch.code, parent: optionalRefOf('Category', patch.parent) };
    return payload(() => ctx.catalog.categories.update(requireActor(ctx), refOf('Category', id), changes));
  }

  @Mutation(() => CategoryPayload, {
    description: 'Gives the category as it was; IN_USE where anything is in it, archived items too.',
  })
  categoryDelete(@Arg('id', () => ID) id: string, @Ctx() ctx: CatalogContext): Promise<CategoryPayload> {
    return payload(() => ctx.catalog.categories.delete(requireActor(ctx), refOf('Category', id)));
  }
}

function payload(act: () => Promise<Category>): Promise<CategoryPayload> {
  return mutationPayload(async () => ({ category: await act() }));
}
