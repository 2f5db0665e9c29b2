import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { RequestError } from '../../kernel/errors.js';
import { DEFAULT_LIMITS } from './operation-limits.js';

/** Fields that an object of a reply has on the average, where a reply has as many objects as it may. */
const VALUES_PER_OBJECT = 5;

/**
 * What one reply may still hold, in values. An operation's cost is reckoned before it runs, when nobody knows how many levels an item has or how many children a
 * category: what lists within lists come to is counted here, while they come.
 */
export class ValueBudget {
  private left: number;
  private refusal: RequestError | undefined;

  constructor(objects: number) {
    this.left = objects * VALUES_PER_OBJECT;
  }

  /** Refuses (BAD_USER_INPUT) what is more than is left, and all that comes after it. */
  take(values: number): void {
    this.left -= values;
    this.requireLeft();
  }

  requireLeft(): void {
    // One for all who are refused, who may be thousands: an error is dear to make.
    if (this.left < 0) throw (this.refusal ??= tooMuch());
  }
}

/** What has such a budget: the context of a request. */
interface Counted {
  values?: ValueBudget | undefined;
}

function tooMuch(): RequestError {
  const message = 'This brings more than one reply may hold: ask for smaller pages, or for fewer lists within lists.';
  return new RequestError('BAD_USER_INPUT', message);
}

/** Has each list of objects counted as it is given, in place. */
export function countValues(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { type: given } = field;
      if (isListType(getNullableType(given)) && isCompositeType(getNamedType(given))) {
        count(field as GraphQLField<unknown, Counted>);
      }
    }
  }
}

function count(field: GraphQLField<unknown, Counted>): void {
  const { resolve = defaultFieldResolver } = field;
  // No async function: graphql-jit waits for nothing where a resolver gives its value at once.
  field.resolve = (source, args, context, info): unknown => {
    context.values ??= new ValueBudget(DEFAULT_LIMITS.objects);
    context.values.requireLeft();
    const given = resolve(source, args, context, info);
    return given instanceof Promise
      ? given.then((list: unknown) => counted(list, context.values, info))
      : counted(given, context.values, info);
  };
}

function counted(list: unknown, values: ValueBudget | undefined, { fieldNodes, fragments }: GraphQLResolveInfo): unknown {
  if (Array.isArray(list)) values?.take(list.length * widthOf(fieldNodes, fragments));
  return list;
}

const WIDTHS = new WeakMap<FieldNode, number>();

/** Fields of each object of the list, those within them counted once. */
function widthOf(nodes: readonly FieldNode[], fragments: GraphQLResolveInfo['fragments']): number {
  const [first] = nodes;
  const known = first && WIDTHS.get(first);
  if (known !== undefined) return known;
  const width = nodes.reduce((sum, { selectionSet }) => sum + fieldsOf(selectionSet, fragments), 1);
  if (first) WIDTHS.set(first, width);
  return width;
}

/** The document has been validated, so that no fragment is within itself, and is within the limits, which count fragments each time they are used. */
function fieldsOf(set: SelectionSetNode | undefined, fragments: GraphQLResolveInfo['fragments']): number {
  let fields = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) fields += 1 + fieldsOf(selection.selectionSet, fragments);
    else if (selection.kind === Kind.INLINE_FRAGMENT) fields += fieldsOf(selection.selectionSet, fragments);
    else fields += fieldsOf(fragments[selection.name.value]?.selectionSet, fragments);
  }
  return fields;
}
