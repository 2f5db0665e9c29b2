import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { GraphQLError, OperationTypeNode, type OperationDefinitionNode, type GraphQLFormattedError } from 'graphql';
import type { BucketStatus, CostBuckets } from '../../platform/limits/cost-buckets.js';
import { MAX_ERRORS } from '../error-mask.js';
import type { RequestActor, TransportContext } from '../request-context.js';
import { Admission, type AdmissionOptions, type AskedOperation } from './admission.js';
import { DEFAULT_LIMITS, type OperationLimits } from './operation-limits.js';
import { HIS_FAULT, QueryCost, type Cost, type CostedOperation } from './query-cost.js';
import { MAX_REPLY_CHARACTERS, sizeOfReply } from './reply-size.js';
import { ValueBudget } from './value-budget.js';

export interface GuardOptions extends Partial<AdmissionOptions> {
  /** What an actor may ask for over time, by his id. Left out: as much as he likes. */
  readonly buckets?: CostBuckets | undefined;
  /** Who is shown the schema itself, and told what a misspelt name might have been. Left out: everybody. */
  readonly mayIntrospect?: ((actor: RequestActor | undefined) => boolean) | undefined;
}

const MS_PER_S = 1_000;
/** What a message repeats of the request may be as long as the request. */
const MAX_MESSAGE_LENGTH = 500;
const SUGGESTION = /\s*Did you mean\b.*$/s;
/** Stands for what was refused, so that the reply is made as all others are. */
export const REFUSED_QUERY = '{ __typename }';

/** Why an actor gets nothing now. */
export interface Throttled {
  readonly requested: number;
  readonly status: BucketStatus;
  /** When there may be enough for him. */
  readonly retryAfterMs: number;
}

/** What a reply came to. */
export interface Settled {
  readonly actual: number;
  /** Why it is not sent. */
  readonly refusal?: GraphQLError | undefined;
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
      let charged: Cost | undefined;
      return Promise.resolve({
        didResolveOperation: async ({ contextValue, schema, document, operation, operationName, queryHash, request }) => {
          if (contextValue.refusal) throw contextValue.refusal;
          if (isSubscription(operation)) throw notByHttp();
          const cost = this.cost.of({ schema, document, operationName, queryHash, variables: request.variables ?? {} });
          if (cost.requested > this.limits.objects) throw tooMuch(cost.requested, this.limits.objects);
          const throttled = await this.charge(cost, contextValue);
          if (throttled) throw throttledOverHttp(throttled);
          charged = cost;
        },
        willSendResponse: (request) => {
          this.finish(request, charged);
          return Promise.resolve();
        },
      });
    },
  };

  /** What it can come to at the most. Refuses (BAD_USER_INPUT) variables that do not fit. */
  costOf(operation: CostedOperation): Cost {
    return this.cost.of(operation);
  }

  /**
   * Takes so much from the actor's bucket, or the person's where he acts for no shop; what it came to is to be said to `settle`. Where it is not there, nothing
   * is taken. The reply gets its budget of values with it.
   */
  async charge({ requested }: Cost, context: TransportContext): Promise<Throttled | undefined> {
    context.values = new ValueBudget(this.limits.objects);
    const { buckets } = this.options;
    const payer = payerOf(context);
    if (!buckets || payer === undefined || (await buckets.take(payer, requested))) return undefined;
    return { requested, status: buckets.status(payer), retryAfterMs: buckets.retryAfterMs(payer, requested) };
  }

  /** Gives back what was taken and not needed for this reply. */
  settle({ requested, work, writes }: Cost, data: unknown, context: TransportContext): Settled {
    const { objects, characters } = sizeOfReply(data);
    const actual = Math.min(requested, work + objects);
    const payer = payerOf(context);
    if (payer !== undefined) this.options.buckets?.giveBack(payer, requested - actual);
    return { actual, refusal: characters > MAX_REPLY_CHARACTERS ? tooLong(writes) : undefined };
  }

  private isShown(actor: RequestActor | undefined): boolean {
    return this.options.mayIntrospect?.(actor) ?? true;
  }

  private finish({ response, contextValue }: GraphQLRequestContextWillSendResponse<TransportContext>, charged?: Cost): void {
    if (response.body.kind !== 'single') return;
    const result = response.body.singleResult;
    if (result.errors) {
      const errors = result.errors.slice(0, MAX_ERRORS);
      result.errors = errors.map((error) => this.shaped(error, contextValue));
    }
    if (charged === undefined) return;
    const { actual, refusal } = this.settle(charged, result.data, contextValue);
    if (refusal) {
      result.data = null;
      result.errors = [this.shaped(refusal.toJSON(), contextValue)];
    }
    const payer = payerOf(contextValue);
    const throttleStatus = payer === undefined ? undefined : this.options.buckets?.status(payer);
    result.extensions = {
      ...result.extensions,
      cost: { requestedQueryCost: charged.requested, actualQueryCost: actual, throttleStatus },
    };
  }

  private shaped(error: GraphQLFormattedError, { requestId, actor }: TransportContext): GraphQLFormattedError {
    const said = this.isShown(actor) ? error.message : error.message.replace(SUGGESTION, '');
    const message = said.length > MAX_MESSAGE_LENGTH ? `${said.slice(0, MAX_MESSAGE_LENGTH)} …` : said;
    return { ...error, message, extensions: { ...error.extensions, requestId } };
  }
}

function payerOf({ actor, person }: TransportContext): string | undefined {
  return actor?.actorId ?? person?.id;
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

function tooLong(writes: boolean): GraphQLError {
  const done = writes ? ' What it was to change has been changed.' : '';
  return new GraphQLError(`The reply is too long to be sent: ask for smaller pages, or for fewer fields.${done}`, {
    extensions: { code: HIS_FAULT.code },
  });
}

/** When the same may be asked again stands in the message and in `retryAfterMs`. */
export function throttledError({ requested, status, retryAfterMs }: Throttled, http?: object): GraphQLError {
  const cost = { requestedQueryCost: requested, throttleStatus: status };
  return new GraphQLError(`Too much was asked for in a short time: try again in ${secondsIn(retryAfterMs)} s.`, {
    extensions: { code: 'TOO_MANY_REQUESTS', retryAfterMs, cost, http },
  });
}

function throttledOverHttp(throttled: Throttled): GraphQLError {
  const headers = new HeaderMap([['retry-after', secondsIn(throttled.retryAfterMs)]]);
  // Apollo takes a map where graphql-js' types know a record.
  return throttledError(throttled, { status: 429, headers });
}

function secondsIn(ms: number): string {
  return String(Math.ceil(ms / MS_PER_S));
}
