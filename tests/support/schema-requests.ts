import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** A query, a mutation or a subscription of the schema. */
export interface RootField {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
}

export function rootFields(schema: GraphQLSchema): RootField[] {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  return [
    ...Object.values(query?.getFields() ?? {}).map((field) => ({ kind: 'query' as const, name: field.name, field })),
    ...Object.values(mutation?.getFields() ?? {}).map((field) => ({ kind: 'mutation' as const, name: field.name, field })),
  ];
}

export function subscriptionFields(schema: GraphQLSchema): RootField[] {
  const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
  return fields.map((field) => ({ kind: 'subscription', name: field.name, field }));
}

/** An argument, or a field of one, that holds a scalar; `path` leads to it, a list's only element being "0". */
export interface Leaf {
  readonly path: readonly string[];
  readonly scalar: string;
}

/** Every scalar that a root field takes, optional ones and all branches of a @oneOf too. */
export function leavesOf({ field }: RootField): Leaf[] {
  return field.args.flatMap(({ name, type }) => leavesIn(type, [name]));
}

function leavesIn(type: GraphQLInputType, path: readonly string[]): Leaf[] {
  const bare = getNullableType(type);
  if (isListType(bare)) return leavesIn(bare.ofType, [...path, '0']);
  if (isEnumType(bare)) return [];
  if (isInputObjectType(bare)) {
    return Object.values(bare.getFields()).flatMap((field) => leavesIn(field.type, [...path, field.name]));
  }
  return [{ path, scalar: bare.name }];
}

/** A value for a scalar that the request needs. */
export type Filler = (leaf: Leaf) => unknown;

const PLAIN: Readonly<Record<string, unknown>> = {
  ID: 'x',
  String: 'x',
  Int: 1,
  Float: 1,
  Boolean: true,
  Decimal: '1',
  DateTime: '2026-01-01T00:00:00Z',
  Date: '2026-01-01',
};

export const plainFiller: Filler = ({ scalar }) => PLAIN[scalar];

export interface RequestOptions {
  readonly fill?: Filler;
  /** An optional part that is to be there too: the way to it is opened. */
  readonly with?: readonly string[];
  /** How deep the reply's objects are asked for; 0: their type only. */
  readonly depth?: number;
}

export interface SchemaRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** The smallest request for a root field that the schema allows. */
export function requestFor({ kind, name, field }: RootField, options: RequestOptions = {}): SchemaRequest {
  const { fill = plainFiller, with: wanted = [], depth = 0 } = options;
  const used = field.args.filter((argument) => isNonNullType(argument.type) || argument.name === wanted[0]);
  const variables = Object.fromEntries(
    used.map((argument) => [argument.name, valueOf(argument.type, [argument.name], { fill, wanted })]),
  );
  const declared = used.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const passed = used.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const selection = selectionOf(field.type, depth);
  const query = `${kind} ${used.length > 0 ? `(${declared})` : ''} { ${name}${used.length > 0 ? `(${passed})` : ''} ${selection} }`;
  return { query, variables };
}

interface Filling {
  readonly fill: Filler;
  readonly wanted: readonly string[];
}

function valueOf(type: GraphQLInputType, path: readonly string[], filling: Filling): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [valueOf(bare.ofType, [...path, '0'], filling)];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (!isInputObjectType(bare)) return filling.fill({ path, scalar: bare.name });
  const fields = Object.values(bare.getFields());
  const leadsOn = path.every((step, index) => step === filling.wanted[index]);
  const next = leadsOn ? filling.wanted[path.length] : undefined;
  const chosen = bare.isOneOf
    ? [fields.find(({ name }) => name === next) ?? fields.find(({ name }) => name === 'sku') ?? fields[0]]
    : fields.filter((field) => isNonNullType(field.type) || field.name === next);
  return Object.fromEntries(
    chosen.flatMap((field) => (field ? [[field.name, valueOf(field.type, [...path, field.name], filling)]] : [])),
  );
}

/** All fields that need no argument, down to a depth; of an interface all its types. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named) && !isInterfaceType(named)) throw new TypeError(`${named.name} is not an object.`);
  if (depth === 0) return '{ __typename }';
  const fields = Object.values(named.getFields())
    .filter(({ args }) => args.every(({ type: argument }) => !isNonNullType(argument)))
    .map((field) => `${field.name} ${selectionOf(field.type, depth - 1)}`);
  return `{ __typename ${fields.join(' ')} }`;
}

/** Puts a value into a request where a leaf is, in place. */
export function place(variables: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [last = '', ...above] = [...path].reverse();
  const holder = above.reverse().reduce<unknown>((within, step) => (within as Record<string, unknown>)[step], variables);
  (holder as Record<string, unknown>)[last] = value;
}
