import { defaultFieldResolver, isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { allows, type Permission } from '../features/access/index.js';
import { RequestError } from '../kernel/errors.js';
import type { TransportContext } from './request-context.js';

/**
 * Who gets a field. A permission: an actor that has it. PUBLIC: everybody, without a key too. PERSON: a person who is signed in, whether or
 * not he has chosen a shop. AS_PARENT: whoever was given the object that the field is of.
 */
export type FieldRule = Permission | 'PUBLIC' | 'PERSON' | 'AS_PARENT';

/**
 * By type and field. A type may be AS_PARENT as a whole only where it is no node and no root: what merely wraps a reply. A node names every
 * field, so that nobody adds a column to what readers and devices see without a thought.
 */
export type FieldRules = Readonly<Record<string, Readonly<Record<string, FieldRule>> | 'AS_PARENT'>>;

/** Rules of a type whose fields are AS_PARENT, named in one text with spaces between, but for `others`. */
export function asParent(names: string, others: Readonly<Record<string, FieldRule>> = {}): Readonly<Record<string, FieldRule>> {
  return { ...Object.fromEntries(names.split(' ').map((name) => [name, 'AS_PARENT' as const])), ...others };
}

/**
 * Puts the rules before the resolvers, in place. Throws a TypeError that names every field without a rule, so that a schema in which
 * somebody forgot one cannot be built. Fields that are AS_PARENT are left as they are, and a guarded resolver that gives its value at once
 * still does.
 */
export function guardFields(schema: GraphQLSchema, rules: FieldRules): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
  const faults = (types as GraphQLObjectType[]).flatMap((type) => guardType(type, rules[type.name], roots.includes(type)));
  if (faults.length > 0) throw new TypeError(`Rules of fields:\n${faults.join('\n')}`);
}

/** Complaints, one for each field that cannot be guarded. */
function guardType(type: GraphQLObjectType, rules: FieldRules[string] | undefined, isRoot: boolean): string[] {
  const isNode = type.getInterfaces().some(({ name }) => name === 'Node');
  if (rules === 'AS_PARENT' && (isRoot || isNode)) return [`${type.name}: a root and a node name each field.`];
  return Object.values(type.getFields()).flatMap((field) => {
    const rule = rules === 'AS_PARENT' ? rules : rules && Object.hasOwn(rules, field.name) ? rules[field.name] : undefined;
    const where = `${type.name}.${field.name}`;
    if (rule === undefined) return [`${where} has no rule that says who gets it: give it one in the table of field rules.`];
    if (rule === 'AS_PARENT' && isRoot)
      return [`${where}: a root is given to everybody, so that its fields cannot be AS_PARENT.`];
    guard(field as GraphQLField<unknown, TransportContext>, rule);
    return [];
  });
}

function guard(field: GraphQLField<unknown, TransportContext>, rule: FieldRule): void {
  if (rule === 'AS_PARENT' || rule === 'PUBLIC') return;
  const check = rule === 'PERSON' ? checkPerson : checkPermission(rule);
  const { resolve = defaultFieldResolver, subscribe } = field;
  // No async function: graphql-jit waits for nothing where a resolver gives its value at once.
  field.resolve = (source, args, context, info): unknown => {
    check(context);
    return resolve(source, args, context, info);
  };
  if (subscribe === undefined) return;
  field.subscribe = (source, args, context, info): unknown => {
    check(context);
    return subscribe(source, args, context, info);
  };
}

function checkPerson({ person }: TransportContext): void {
  if (person === undefined) throw new RequestError('UNAUTHENTICATED', 'This is for people: sign in first.');
}

function checkPermission(permission: Permission): (context: TransportContext) => void {
  return ({ actor, person }) => {
    if (actor === undefined) {
      if (person !== undefined) {
        throw new RequestError(
          'FORBIDDEN',
          'Say for which shop: send "Stockroom-Shop: <id>" with an id of { me { shops { id } } }.',
        );
      }
      throw new RequestError('UNAUTHENTICATED', 'This needs an API key: send the header "Authorization: Bearer <key>".');
    }
    if (allows(actor, permission)) return;
    const own = [...actor.permissions].join(', ').toUpperCase();
    throw new RequestError('FORBIDDEN', `This needs the right ${permission.toUpperCase()}; yours are: ${own || 'none'}.`);
  };
}
