import type { Place, World } from './world.js';

/** A mutation, and what it changes of all that can be read. */
export interface MutationCase {
  readonly mutation: string;
  readonly what: string;
  /** The arguments, as they stand between the brackets; several where it is done several times in one request. */
  readonly act: (world: World) => string | readonly string[];
  /** What a panorama shows differently afterwards; there may be more. */
  readonly shows: readonly string[];
  /** How many refusals the reply has; none, if not given. */
  readonly refusals?: number;
  /** The world's rooms, where it has others than usual. */
  readonly places?: readonly Place[];
}

const ERRORS = 'userErrors { code message }';
/** Payloads with verdicts of their own within. */
const SELECTIONS: Readonly<Record<string, string>> = {
  stockPost: `{ ${ERRORS} results { ${ERRORS} } }`,
  scanBatch: `{ results { ${ERRORS} } }`,
  parkedScanResolve: `{ ${ERRORS} applied { ${ERRORS} } }`,
  parkedScanAcceptSuggestion: `{ ${ERRORS} applied { ${ERRORS} } }`,
  parkedScanCreateItem: `{ ${ERRORS} applied { ${ERRORS} } }`,
};

export function operationOf({ mutation, act }: Pick<MutationCase, 'mutation' | 'act'>, world: World): string {
  const fields = [act(world)].flat().map((args, index) => {
    const selection = SELECTIONS[mutation] ?? `{ ${ERRORS} }`;
    return `act${String(index)}: ${mutation}(${args}) ${selection}`;
  });
  return `mutation { ${fields.join(' ')} }`;
}

/** Every refusal in a reply, however deep. */
export function refusalsIn(reply: unknown): unknown[] {
  if (typeof reply !== 'object' || reply === null) return [];
  return Object.entries(reply).flatMap(([name, value]: [string, unknown]) =>
    name === 'userErrors' && Array.isArray(value) ? (value as unknown[]) : refusalsIn(value),
  );
}
