import type { GatewayExecutor, GatewayGraphQLRequestContext, GatewayInterface } from '@apollo/server-gateway-interface';
import { execute, getVariableValues, GraphQLError, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { CompiledOperations } from './compiled-operations.js';
import { maskErrors, maskExecutionError } from './error-mask.js';
import type { TransportContext } from './request-context.js';

const MAX_VARIABLE_ERRORS = 20;

type Request = GatewayGraphQLRequestContext;

/**
 * Runs operations through graphql-jit, by way of Apollo Server's seam for gateways; four times as fast as graphql-js. What is
 * not compiled graphql-js runs. Errors come back masked (maskExecutionError), those of variables as BAD_USER_INPUT.
 */
export function jitGateway(schema: GraphQLSchema): GatewayInterface {
  const operations = new CompiledOperations(schema);
  const executor: GatewayExecutor = async (request) => {
    // Without an operation nobody has asked whether a GET may run it, nor what it costs; graphql-jit would find one where the name is empty.
    if (!hasOperation(request)) return { errors: [unknownOperation(request)] };
    const variables = coerceVariables(schema, request);
    if (variables.errors !== undefined) return variables;
    const context = request.context as unknown as TransportContext;
    try {
      return mask(await run(operations, request, variables.coerced), context);
    } catch (error) {
      const originalError = error instanceof Error ? error : new Error(String(error));
      return { data: null, errors: [maskExecutionError(new GraphQLError(originalError.message, { originalError }), context)] };
    }
  };
  return {
    load: () => Promise.resolve({ executor }),
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: () => Promise.resolve(),
  };
}

/** Apollo has none where the document lacks the one that was named, whatever its types say. */
function hasOperation({ operation }: Request): boolean {
  return (operation as Request['operation'] | undefined) !== undefined;
}

function unknownOperation({ request: { operationName } }: Request): GraphQLError {
  const message = operationName == null ? 'Say which of the operations: operationName.' : 'There is no operation of this name.';
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } });
}

type Coerced = { coerced: Record<string, unknown>; errors?: undefined } | { errors: GraphQLError[] };

function coerceVariables(schema: GraphQLSchema, { operation, request }: Request): Coerced {
  const definitions = operation.variableDefinitions ?? [];
  const { errors, coerced } = getVariableValues(schema, definitions, request.variables ?? {}, { maxErrors: MAX_VARIABLE_ERRORS });
  if (errors === undefined) return { coerced };
  return {
    errors: errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT' } })),
  };
}

async function run(operations: CompiledOperations, request: Request, coerced: Record<string, unknown>): Promise<ExecutionResult> {
  const { document, context, schema } = request;
  const operationName = request.request.operationName;
  const { actor, person } = context as unknown as TransportContext;
  // Of strangers too many different ones may come, and what they may ask for is soon interpreted.
  const mayCompile = actor !== undefined || person !== undefined;
  const key = `${request.queryHash}:${operationName ?? ''}`;
  const query = operations.get({ key, document, operationName, mayCompile });
  if (query !== undefined) return query.query({}, context, coerced);
  const variableValues = request.request.variables;
  return execute({ schema, document, operationName, rootValue: {}, contextValue: context, variableValues });
}

function mask(result: ExecutionResult, context: TransportContext): ExecutionResult {
  // Without data nothing was executed: the error is in the request itself, such as an operation name that the document lacks.
  return result.data === undefined ? result : maskErrors(result, context);
}
