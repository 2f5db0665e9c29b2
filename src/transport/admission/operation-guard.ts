import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { GraphQLError, OperationTypeNode, type OperationDefinitionNode, type GraphQLFormattedError } from 'graphql';
import type { BucketStatus, CostBuckets } from '../../platform/limits/cost-buckets.js';
import type { RequestActor, TransportContext } from '../request-context.js';
import { Admission, type AdmissionOptions, type AskedOperation } from './admission.js';
import { DEFAULT_LIMITS, type OperationLimits } from './operation-limits.js';
import { HIS_FAULT, objectsIn, QueryCost } from './query-cost.js';

export interface GuardOptions extends Partial<AdmissionOptions> {
  /** What an actor may ask for over time, by his id. Left out: as much as he likes. */
  readonly buckets?: CostBuckets | undefined;
  /** Who is shown the schema itself, and told what a misspelt name might have been. Left out: everybody. */
  readonly mayIntrospect?: ((actor: RequestActor | undefined) => boolean) | undefined;
}

const MS_PER_S = 1_000;
/** Errors that a reply has at most. */
const MAX_ERRORS = 20;
/** What a message repeats of the request may be as long as the request. */
const MAX_MESSAGE_LENGTH = 500;
const SUGGESTION = /\s*Did you mean\b.*$/s;
/** Stands for what was refused, so that the reply is made as all others are. */
export const REFUSED_QUERY = '{ __typename }';

interface Charge {
  readonly requested: number;
  actual: number;
}

/** Looks at each operation before it is validated, before it is run, and at its reply. */
export class OperationGuard {
  readonly limits: OperationLimits;
  private readonly admission: Admission;
  private readonly cost: QueryCost;

  constructor(private readonly options: GuardOptions = {}) {
    this.limits = options.limits ?? DEFAULT_LIMITS;
    this.admission = new Admission({ ...options, limits: this.limits });
    this.cost = new QueryCost(this.limits.fields);
  }

  /**
   * The text to be run for what was asked; undefined where the request has none, or is refused. Why stands then in the context, for the plugin: the reply is made
   * as all others are, to REFUSED_QUERY.
   */
  admit(asked: AskedOperation, context: TransportContext): string | undefined {
    const found = this.admission.admit(asked);
    const isHidden = !found.refusal && found.introspects && !this.isShown(context.actor);
    context.refusal = isHidden ? hidden(context.actor) : found.refusal;
    return found.refusal || isHidden ? undefined : found.query;
  }

  readonly plugin: ApolloServerPlugin<TransportContext> = {
    requestDidStart: () => {
      let charge: Charge | undefined;
      return Promise.resolve({
        didResolveOperation: async ({ contextValue, schema, document, operation, operationName, queryHash, request }) => {
          if (contextValue.refusal) throw contextValue.refusal;
          if (isSubscription(operation)) throw notByHttp();
          const requested = this.cost.of({ schema, document, operationName, queryHash, variables: request.variables ?? {} });
          if (requested > this.limits.objects) throw tooMuch(requested, this.limits.objects);
          charge = await this.charge(requested, contextValue);
        },
        willSendResponse: (request) => {
          this.finish(request, charge);
          return Promise.resolve();
        },
      });
    },
  };

  private isShown(actor: RequestActor | undefined): boolean {
    return this.options.mayIntrospect?.(actor) ?? true;
  }

  private async charge(requested: number, { actor }: TransportContext): Promise<Charge> {
    const { buckets } = this.options;
    if (!buckets || !actor || (await buckets.take(actor.actorId, requested))) return { requested, actual: 0 };
    throw throttled(buckets.status(actor.actorId), requested, buckets.retryAfterMs(actor.actorId, requested));
  }

  private finish({ response, contextValue }: GraphQLRequestContextWillSendResponse<TransportContext>, charge?: Charge): void {
    if (response.body.kind !== 'single') return;
    const result = response.body.singleResult;
    if (result.errors) {
      const errors = result.errors.slice(0, MAX_ERRORS);
      result.errors = errors.map((error) => this.shaped(error, contextValue));
    }
    if (!charge) return;
    const { buckets } = this.options;
    const actual = Math.min(charge.requested, objectsIn(result.data));
    const { actor } = contextValue;
    if (buckets && actor) buckets.giveBack(actor.actorId, charge.requested - actual);
    const throttleStatus = buckets && actor ? buckets.status(actor.actorId) : undefined;
    result.extensions = {
      ...result.extensions,
      cost: { requestedQueryCost: charge.requested, actualQueryCost: actual, throttleStatus },
    };
  }

  private shaped(error: GraphQLFormattedError, { requestId, actor }: TransportContext): GraphQLFormattedError {
    const said = this.isShown(actor) ? error.message : error.message.replace(SUGGESTION, '');
    const message = said.length > MAX_MESSAGE_LENGTH ? `${said.slice(0, MAX_MESSAGE_LENGTH)} …` : said;
    return { ...error, message, extensions: { ...error.extensions, requestId } };
  }
}

function hidden(actor: RequestActor | undefined): GraphQLError {
  const code = actor ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  return new GraphQLError('The schema is shown only to those who have the right "introspection".', {
    extensions: { code, http: { status: actor ? 403 : 401 } },
  });
}

/** Apollo has none, whatever its types say, where the document lacks the one that was named. */
function isSubscription(operation: OperationDefinitionNode | undefined): boolean {
  return operation?.operation === OperationTypeNode.SUBSCRIPTION;
}

function notByHttp(): GraphQLError {
  return new GraphQLError('A subscription is not answered by a request over HTTP.', { extensions: HIS_FAULT });
}

function tooMuch(objects: number, most: number): GraphQLError {
  const message = `This could ask for ${String(objects)} objects at once; at most ${String(most)} are given. Ask for smaller pages, or for fewer lists within lists.`;
  return new GraphQLError(message, { extensions: HIS_FAULT });
}

function throttled(throttleStatus: BucketStatus, requestedQueryCost: number, retryAfterMs: number): GraphQLError {
  const seconds = String(Math.ceil(retryAfterMs / MS_PER_S));
  const headers = new HeaderMap([['retry-after', seconds]]);
  // Apollo takes a map where graphql-js' types know a record.
  const http: object = { status: 429, headers };
  return new GraphQLError(`Too much was asked for in a short time: try again in ${seconds} s.`, {
    extensions: { code: 'TOO_MANY_REQUESTS', cost: { requestedQueryCost, throttleStatus }, http },
  });
}
