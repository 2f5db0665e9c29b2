import type { DomainError } from '../kernel/errors.js';

/** What a broken constraint means to a client, by the constraint's name. Each room lists its own. */
export type ConstraintRefusals = Readonly<Record<string, () => DomainError>>;

const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';
const UNIQUE_VIOLATION = '23505';

interface PostgresFault {
  code?: string;
  constraint?: string;
}

/** By its fields, not its class: what COMMIT refuses is the driver's own error, everything else the ORM's. */
function faultOf(error: unknown): PostgresFault {
  return error instanceof Error ? (error as PostgresFault) : {};
}

/** Name of the constraint that a statement broke, if that is what went wrong. */
export function brokenConstraint(error: unknown): string | undefined {
  return faultOf(error).constraint;
}

/** The one place where errors of the database become refusals; undefined for what is none. */
export function refusalOf(error: unknown, refusals: ConstraintRefusals): DomainError | undefined {
  const constraint = brokenConstraint(error);
  return constraint === undefined ? undefined : refusals[constraint]?.();
}

/** Whether the transaction was only unlucky: a deadlock or a serialization failure, or a lost race for one of these unique keys. */
export function isTransient(error: unknown, racedKeys: readonly string[]): boolean {
  const { code, constraint } = faultOf(error);
  if (code === DEADLOCK_DETECTED || code === SERIALIZATION_FAILURE) return true;
  return code === UNIQUE_VIOLATION && constraint !== undefined && racedKeys.includes(constraint);
}
