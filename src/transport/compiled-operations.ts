import {
  GraphQLScalarType,
  Kind,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type NamedTypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';

/** Compiled operations kept; the one unused for longest goes first. */
const MAX_COMPILED_OPERATIONS = 300;
/** Of all that are kept together, each by what it holds of memory: some 200 bytes for each character of its text. */
const MAX_CHARACTERS = 500_000;
const MIN_CHARACTERS = 500;
/** Compiling takes a fifth of the time at most, and this long at once: whoever sends ever new operations has them interpreted. */
const COMPILING_SHARE = 0.2;
const COMPILING_BURST_MS = 5_000;

const PassedThrough = new GraphQLScalarType({ name: 'PassedThrough' });
const PASSED_THROUGH: NamedTypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: PassedThrough.name } };

/**
 * graphql-jit's own coercion of variables ignores @oneOf and writes defaults as JSON, so graphql-js coerces them first. For graphql-jit
 * every variable is then of a scalar that lets any value through; the schema that clients see does not have it.
 */
function withPassedThrough(schema: GraphQLSchema): GraphQLSchema {
  const getType: GraphQLSchema['getType'] = (name) => (name === PassedThrough.name ? PassedThrough : schema.getType(name));
  return Object.create(schema, { getType: { value: getType } }) as GraphQLSchema;
}

function passVariablesThrough(document: DocumentNode): DocumentNode {
  return visit(document, {
    VariableDefinition: (node): VariableDefinitionNode => ({ ...node, type: PASSED_THROUGH, defaultValue: undefined }),
  });
}

export interface OperationToCompile {
  /** Names the document and the operation. */
  readonly key: string;
  /** Validated. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** Whether it may be compiled, where it has not been. */
  readonly mayCompile: boolean;
}

export interface CompilerOptions {
  readonly capacity?: number;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** A bounded cache of operations compiled for one schema. */
export class CompiledOperations {
  readonly #schema: GraphQLSchema;
  readonly #compiled: LRUCache<string, CompiledQuery>;
  readonly #time: CompilingTime;

  constructor(
    schema: GraphQLSchema,
    { capacity = MAX_COMPILED_OPERATIONS, now = () => performance.now() }: CompilerOptions = {},
  ) {
    this.#schema = withPassedThrough(schema);
    this.#compiled = new LRUCache({ max: capacity, maxSize: MAX_CHARACTERS });
    this.#time = new CompilingTime(now);
  }

  get size(): number {
    return this.#compiled.size;
  }

  /** Undefined where it is not compiled and may not be now, or graphql-jit cannot compile it: then graphql-js runs it. */
  get({ key, document, operationName, mayCompile }: OperationToCompile): CompiledQuery | undefined {
    const known = this.#compiled.get(key);
    if (known !== undefined || !mayCompile || !this.#time.isLeft()) return known;
    const query = this.#time.spend(() => this.#compile(document, operationName));
    if (query === undefined) return undefined;
    this.#compiled.set(key, query, { size: Math.max(MIN_CHARACTERS, document.loc?.source.body.length ?? 0) });
    return query;
  }

  #compile(document: DocumentNode, operationName: string | undefined): CompiledQuery | undefined {
    const result = compileQuery(this.#schema, passVariablesThrough(document), operationName);
    return isCompiledQuery(result) ? result : undefined;
  }
}

/** How long may still be compiled; it comes back as time goes by. */
class CompilingTime {
  #leftMs = COMPILING_BURST_MS;
  #countedAt: number;

  constructor(private readonly now: () => number) {
    this.#countedAt = now();
  }

  isLeft(): boolean {
    const at = this.now();
    this.#leftMs = Math.min(COMPILING_BURST_MS, this.#leftMs + (at - this.#countedAt) * COMPILING_SHARE);
    this.#countedAt = at;
    return this.#leftMs > 0;
  }

  spend<T>(work: () => T): T {
    const began = this.now();
    try {
      return work();
    } finally {
      this.#leftMs -= this.now() - began;
    }
  }
}
