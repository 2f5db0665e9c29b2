import 'reflect-metadata';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { FIELD_RULES } from '../../src/app/field-rules.js';
import { connectionOf } from '../../src/graphql/connection.js';
import { parseGlobalId } from '../../src/graphql/global-id.js';
import { Node } from '../../src/graphql/node.schema.js';
import { OneOf } from '../../src/graphql/one-of.js';
import { DateTimeScalar, DecimalScalar } from '../../src/graphql/scalars.js';
import { mutationPayload, UserError } from '../../src/graphql/user-error.schema.js';
import { DomainError, InvalidError, RequestError } from '../../src/kernel/errors.js';
import { quantity, type Quantity } from '../../src/kernel/quantity.js';
import { buildConnection, encodeCursor, parsePage, type Connection, type KeysetOrder } from '../../src/platform/paging.js';
import { buildStockroomSchema } from '../../src/transport/build-schema.js';
import { asParent, type FieldRules } from '../../src/transport/field-guard.js';
import type { TransportContext } from '../../src/transport/request-context.js';

/** Stands for an ORM entity: its class is named as its GraphQL type. */
export class StockItem {
  constructor(
    readonly id: string,
    readonly name: string,
    readonly price: Quantity,
  ) {}
}
export class Category {
  constructor(
    readonly id: string,
    readonly name: string,
  ) {}
}

export const ITEMS = [1, 2, 3].map(
  (n) => new StockItem(`01890000-0000-7000-8000-00000000000${String(n)}`, `Item ${String(n)}`, quantity('1.5').times(n)),
);
export const CATEGORY = new Category('01890000-0000-7000-8000-0000000000aa', 'Food');
const BY_NAME: KeysetOrder = { name: 'items', kinds: ['text'] };
export const counted = { times: 0 };
export const changed = { times: 0 };

enum Colour {
  RED = 'internal red',
  BLUE = 'internal blue',
}
registerEnumType(Colour, { name: 'Colour' });

@ObjectType('Category', { implements: Node })
class CategoryType extends Node {
  @Field(() => String)
  name!: string;
}

@ObjectType('StockItem', { implements: Node })
export class StockItemType extends Node {
  @Field(() => String)
  name!: string;

  @Field(() => DecimalScalar)
  price!: Quantity;

  @Field(() => CategoryType, { nullable: true })
  category!: CategoryType | null;
}
const ItemConnection = connectionOf(() => StockItemType, 'StockItem');

@ObjectType('StockError', { implements: UserError })
export class StockErrorType extends UserError {
  @Field(() => DecimalScalar, { nullable: true })
  level!: Quantity | null;
}

class StockRefusal extends DomainError {
  readonly userErrorType = 'StockError';
  readonly userErrorDetails = { level: quantity('5') };
}

@OneOf()
@InputType('ItemRef')
class ItemRef {
  @Field(() => ID, { nullable: true })
  id?: string;

  @Field(() => String, { nullable: true })
  name?: string;
}

@InputType('ItemPatch')
class ItemPatch {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => DecimalScalar, { nullable: true, defaultValue: quantity(1) })
  amount?: Quantity;

  @Field(() => Colour, { nullable: true, defaultValue: Colour.BLUE })
  colour?: Colour;

  @Field(() => [ItemRef], { nullable: true })
  refs?: ItemRef[];
}

@ObjectType('ItemPayload')
class ItemPayload {
  @Field(() => StockItemType, { nullable: true })
  item!: StockItemType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver(() => StockItemType)
export class SmallShopResolver {
  @Query(() => String)
  hello(): string {
    return 'world';
  }

  @Query(() => Node, { nullable: true })
  node(@Arg('id', () => ID) id: string): object | null {
    const parsed = parseGlobalId(id);
    return [CATEGORY, ...ITEMS].find((row) => row.id === parsed?.id) ?? null;
  }

  @Query(() => [Node], { nullable: 'items' })
  nodes(): (object | null)[] {
    return [ITEMS[0] ?? null, null, CATEGORY];
  }

  @Query(() => ItemConnection)
  items(
    @Arg('first', () => Int, { nullable: true, defaultValue: 2 }) first: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
  ): Connection<StockItem> {
    const page = parsePage({ first, after }, BY_NAME);
    const rows = ITEMS.filter(({ name }) => name > (page.after?.[0] ?? ''));
    return buildConnection(
      rows,
      page,
      ({ name }) => encodeCursor(BY_NAME, [name]),
      () => {
        counted.times += 1;
        return Promise.resolve(ITEMS.length);
      },
    );
  }

  @FieldResolver(() => CategoryType, { nullable: true })
  category(@Root() item: StockItem): Category | null {
    return item === ITEMS[0] ? CATEGORY : null;
  }

  /** What a resolver received, as text, with the types that arguments arrive in. */
  @Query(() => String)
  received(
    @Arg('patch', () => ItemPatch, { nullable: true }) patch?: ItemPatch,
    @Arg('by', () => ItemRef, { nullable: true }) by?: ItemRef,
    @Arg('at', () => DateTimeScalar, { nullable: true }) at?: Date,
    @Arg('quantity', () => DecimalScalar, { nullable: true, defaultValue: quantity(1) }) amount?: Quantity,
  ): string {
    const shown = {
      patch: patch && Object.assign({}, patch, { amount: patch.amount?.plus(1) }),
      by,
      at: at?.getTime(),
      amount: amount?.plus(1),
    };
    return JSON.stringify(shown);
  }

  @Query(() => Colour)
  colour(): Colour {
    return Colour.RED;
  }

  @Query(() => String)
  guarded(@Ctx() { actor }: TransportContext): string {
    return actor?.role ?? 'nobody';
  }

  @Query(() => String, { nullable: true })
  fails(@Arg('how', () => String) how: string): string {
    if (how === 'request') throw new RequestError('BAD_USER_INPUT', 'Ask otherwise.');
    if (how === 'domain') throw new InvalidError('escaped secret');
    throw new Error('secret of the database');
  }

  @Query(() => [Int], { nullable: 'items' })
  holes(): unknown[] {
    return [1, null, 'no number', 4];
  }

  @Mutation(() => ItemPayload)
  itemUpdate(@Arg('refuse', () => String, { nullable: true }) refuse?: string): Promise<object> {
    return mutationPayload((): Promise<object> => {
      changed.times += 1;
      if (refuse === 'simple') throw new InvalidError('No.', ['name']);
      if (refuse === 'stock') throw new StockRefusal('INSUFFICIENT_STOCK', '5 left.');
      if (refuse === 'bug') throw new Error('secret of the database');
      return Promise.resolve({ item: ITEMS[0] });
    });
  }
}

const PUBLIC_QUERIES = ['colour', 'fails', 'hello', 'holes', 'items', 'node', 'nodes', 'received'];

/** The nodes of the rooms come with whoever imports them, whether or not a resolver gives them: their rules have to be there too. */
export const SMALL_RULES: FieldRules = {
  ...FIELD_RULES,
  Query: { ...Object.fromEntries(PUBLIC_QUERIES.map((name) => [name, 'PUBLIC' as const])), guarded: 'read' },
  Mutation: { itemUpdate: 'catalog' },
  Category: asParent('id name'),
  StockItem: asParent('category id name price'),
  ItemPayload: 'AS_PARENT',
};

export const smallSchema = () => buildStockroomSchema([SmallShopResolver], SMALL_RULES);
