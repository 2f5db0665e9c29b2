import { LRUCache } from 'lru-cache';
import { GraphQLError, parse } from 'graphql';
import { fieldMerges } from './field-merges.js';
import { operationFacts } from './operation-facts.js';
import { limitRefusal, mergeRefusal, refusal, type OperationLimits } from './operation-limits.js';
import type { PersistedOperations } from './persisted-operations.js';

/** What has been looked at and may be asked again. */
const MAX_KNOWN = 2_000;
const MAX_KNOWN_CHARACTERS = 4_000_000;
/** Nobody sends so long a text twice. */
const MAX_KNOWN_TEXT = 100_000;

export interface AdmissionOptions {
  readonly limits: OperationLimits;
  /** Undefined: there is no manifest. */
  readonly persisted?: PersistedOperations | undefined;
  /** Whether only what the manifest has is taken. */
  readonly persistedOnly?: boolean;
}

/** What a GraphQL request says, before anything of it was believed. */
export interface AskedOperation {
  readonly query?: unknown;
  /** Of a persisted operation, as clients of either habit send it. */
  readonly id?: unknown;
  readonly extensions?: unknown;
}

export type Admitted =
  | { readonly query: string | undefined; readonly introspects: boolean; readonly refusal?: undefined }
  | { readonly refusal: GraphQLError };

interface Known {
  readonly introspects: boolean;
  readonly refusal?: GraphQLError | undefined;
}

const UNREADABLE: Known = { introspects: false };

/**
 * The first to look at an operation: what could take long to validate is refused before it is validated. Takes time in proportion to the text's length, and
 * only the first time that a text is seen. What cannot be parsed passes: whoever parses it next says why.
 */
export class Admission {
  private readonly known = new LRUCache<string, Known>({
    max: MAX_KNOWN,
    maxSize: MAX_KNOWN_CHARACTERS,
    maxEntrySize: MAX_KNOWN_TEXT,
    sizeCalculation: (_, text) => text.length + 1,
  });

  constructor(private readonly options: AdmissionOptions) {}

  admit(asked: AskedOperation): Admitted {
    const named = this.textOf(asked);
    if (named instanceof GraphQLError) return { refusal: named };
    if (named === undefined) return { query: undefined, introspects: false };
    const known = this.known.get(named) ?? this.look(named);
    return known.refusal ? { refusal: known.refusal } : { query: named, introspects: known.introspects };
  }

  /** The operation's text; undefined where the request has none, or something else in its place. */
  private textOf({ query, id, extensions }: AskedOperation): string | GraphQLError | undefined {
    const { persisted } = this.options;
    const wanted = persistedId(id, extensions);
    if (wanted !== undefined && (query === undefined || query === null)) {
      return (
        persisted?.body(wanted) ??
        notPersisted('No operation of this id is known here: send its text, or the id of one in the manifest.')
      );
    }
    return typeof query === 'string' ? query : undefined;
  }

  private look(text: string): Known {
    const known = this.factsOf(text);
    this.known.set(text, known);
    return known;
  }

  private factsOf(text: string): Known {
    const { limits, persisted, persistedOnly = false } = this.options;
    try {
      const document = parse(text, { maxTokens: limits.tokens, noLocation: true });
      const facts = operationFacts(document);
      const introspects = facts.introspections > 0;
      const refused = limitRefusal(facts, limits) ?? mergeRefusal(fieldMerges(document));
      if (refused || !persistedOnly || persisted?.knows(document)) return { introspects, refusal: refused };
      return {
        introspects,
        refusal: notPersisted('Only operations of the manifest are taken here: send one by its id or by its text.'),
      };
    } catch (error) {
      if (error instanceof GraphQLError) return UNREADABLE;
      // The parser calls itself for each level, and so does whoever would parse it next.
      if (error instanceof RangeError)
        return { introspects: false, refusal: refusal('The operation is nested too deeply to be read.') };
      throw error;
    }
  }
}

function persistedId(id: unknown, extensions: unknown): string | undefined {
  if (typeof id === 'string') return id;
  const persisted = property(extensions, 'persistedQuery');
  const hash = property(persisted, 'sha256Hash');
  return typeof hash === 'string' ? hash : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function notPersisted(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', http: { status: 400 } } });
}
