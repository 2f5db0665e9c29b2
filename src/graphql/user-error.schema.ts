import 'reflect-metadata';
import { Field, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { DomainError, REFUSAL_CODES, type RefusalCode } from '../kernel/errors.js';

const UserErrorCode = Object.fromEntries(REFUSAL_CODES.map((code) => [code, code]));
registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  valuesConfig: { NOT_APPLIED: { description: 'Nothing wrong with this act: another one of its atomic batch was refused.' } },
});

@InterfaceType('UserError', {
  description:
    'An expected refusal. Auth, throttling, malformed requests and bugs are top-level errors with extensions.code instead.',
})
export abstract class UserError {
  @Field(() => UserErrorCode)
  code!: RefusalCode;

  @Field(() => String, { description: 'One sentence for a person.' })
  message!: string;

  @Field(() => [String], { description: 'The input field at fault, outermost first; empty when it is no single one.' })
  path!: string[];
}

@ObjectType('SimpleError', { implements: UserError })
export class SimpleError extends UserError {}

/** What a userErrors field holds. Further keys are fields of the type that `__typename` names. */
export interface UserErrorValue {
  __typename: string;
  code: RefusalCode;
  message: string;
  path: readonly string[];
}

/** A refusal that knows which UserError type it is shown as, and that type's further fields; others are shown as SimpleError. */
export interface DetailedRefusal {
  readonly userErrorType: string;
  readonly userErrorDetails: Readonly<Record<string, unknown>>;
}

function isDetailed(error: DomainError): error is DomainError & DetailedRefusal {
  return 'userErrorType' in error && 'userErrorDetails' in error;
}

export function toUserError(error: DomainError): UserErrorValue {
  const { code, message, path } = error;
  if (!isDetailed(error)) return { __typename: 'SimpleError', code, message, path };
  return { ...error.userErrorDetails, __typename: error.userErrorType, code, message, path };
}

/**
 * Runs a mutation and gives its payload: what `act` returns with no userErrors, or the refusals with `whenRefused` (values of the
 * payload's non-null fields, such as an empty list). Everything that is no refusal is thrown on.
 */
export async function mutationPayload<T extends object>(
  act: () => Promise<T>,
  whenRefused: Partial<T> = {},
): Promise<Partial<T> & { userErrors: UserErrorValue[] }> {
  try {
    return { ...(await act()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ...whenRefused, userErrors: [toUserError(error)] };
  }
}
