import { GraphQLError } from 'graphql';
import type { OperationFacts } from './operation-facts.js';

/** What one operation may be made of. `objects`: what it may ask for at most, pages within pages multiplied; see query-cost.ts. */
export interface OperationLimits {
  /** Of the text, before it is parsed as a whole. */
  readonly tokens: number;
  /** Fragments each time they are used. */
  readonly fields: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly objects: number;
}

/** What a browser asks GraphiQL's server for, and the widest screen of any client, are far below; a stockPost of 500 acts in literals has 11,000 tokens. */
export const DEFAULT_LIMITS: OperationLimits = {
  tokens: 15_000,
  fields: 2_000,
  depth: 20,
  aliases: 100,
  directives: 50,
  objects: 50_000,
};

/** Fragments side by side are compared with each other. */
const MAX_FRAGMENTS = 100;
/** See fieldMerges; 50 fragments that all ask for one object's id are 1,225. */
const MAX_FIELD_MERGES = 50_000;
/** On one field. GraphQL itself has two: skip and include. */
const MAX_DIRECTIVES_TOGETHER = 4;

/** Each is validated, with all that it uses of the fragments; a document that a person writes in a playground has a dozen. */
const MAX_OPERATIONS = 50;
/** Of the whole schema; tools ask once. */
const MAX_INTROSPECTIONS = 4;

interface Bound {
  readonly what: keyof OperationFacts;
  readonly most: number;
  readonly say: (count: number, most: number) => string;
}

/** Why an operation with these facts is refused; undefined where it is not. */
export function limitRefusal(facts: OperationFacts, limits: OperationLimits): GraphQLError | undefined {
  const bounds: readonly Bound[] = [
    { what: 'depth', most: limits.depth, say: (_, most) => `The operation is nested deeper than ${String(most)} fields.` },
    { what: 'fields', most: limits.fields, say: tooMany('fields, those of fragments counted each time they are used') },
    { what: 'aliases', most: limits.aliases, say: tooMany('aliases') },
    { what: 'operations', most: MAX_OPERATIONS, say: tooMany('operations') },
    { what: 'introspections', most: MAX_INTROSPECTIONS, say: tooMany('fields of the schema itself') },
    { what: 'fragments', most: MAX_FRAGMENTS, say: tooMany('fragments') },
    { what: 'directives', most: limits.directives, say: tooMany('directives') },
    { what: 'directivesTogether', most: MAX_DIRECTIVES_TOGETHER, say: tooMany('directives in one place') },
  ];
  const broken = bounds.find(({ what, most }) => facts[what] > most);
  return broken && refusal(broken.say(facts[broken.what], broken.most));
}

/** Why a document is refused that would take long to compare with itself. To be asked of one whose facts are within the limits. */
export function mergeRefusal(merges: number): GraphQLError | undefined {
  return merges > MAX_FIELD_MERGES
    ? refusal('The operation asks for the same fields too often. Ask for each of them once.')
    : undefined;
}

export function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } });
}

function tooMany(things: string): Bound['say'] {
  return (count, most) =>
    `The operation has ${String(count)} ${things}; at most ${String(most)} are taken. Ask in several requests.`;
}
