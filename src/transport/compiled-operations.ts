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

/** Compiled operations kept; the one unused for longest goes first. One takes some 100 kB. */
const MAX_COMPILED_OPERATIONS = 300;

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

/** A bounded cache of operations compiled for one schema. */
export class CompiledOperations {
  readonly #schema: GraphQLSchema;
  readonly #compiled = new Map<string, CompiledQuery>();

  constructor(
    schema: GraphQLSchema,
    private readonly capacity = MAX_COMPILED_OPERATIONS,
  ) {
    this.#schema = withPassedThrough(schema);
  }

  get size(): number {
    return this.#compiled.size;
  }

  /** Undefined when graphql-jit cannot compile it. `key` names the document and the operation; the document has been validated. */
  get(key: string, document: DocumentNode, operationName: string | undefined): CompiledQuery | undefined {
    const known = this.#compiled.get(key);
    if (known !== undefined) this.#compiled.delete(key);
    const query = known ?? this.#compile(document, operationName);
    if (query === undefined) return undefined;
    this.#compiled.set(key, query);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > this.capacity && oldest !== undefined) this.#compiled.delete(oldest);
    return query;
  }

  #compile(document: DocumentNode, operationName: string | undefined): CompiledQuery | undefined {
    const result = compileQuery(this.#schema, passVariablesThrough(document), operationName);
    return isCompiledQuery(result) ? result : undefined;
  }
}
