import { isId } from '../kernel/ids.js';
import { RequestError } from '../kernel/errors.js';

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;
const MAX_CURSOR_CHARACTERS = 2000;
const TO_THE_SECOND = '2026-11-22T13:30:00'.length;

/** What a keyset column holds: `text`, a row's `id` (UUID), an `instant` (RFC 3339 text in UTC, ending in Z), a whole number as text. */
export type KeysetKind = 'text' | 'id' | 'instant' | 'integer';

/** One way to order a list. `name` is written into its cursors, so that a cursor of another list or another sort is refused. */
export interface KeysetOrder {
  readonly name: string;
  readonly kinds: readonly KeysetKind[];
}

export interface PageArgs {
  first?: number | null;
  after?: string | null;
}

/** `after` holds the keyset of the last row that the client has; undefined starts at the beginning. */
export interface Page {
  readonly size: number;
  readonly after: readonly string[] | undefined;
}

export interface PageInfoValue {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

/** What resolvers of connections return. `totalCount` runs only when a client selects it. */
export interface Connection<T> {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: PageInfoValue;
  totalCount: () => Promise<number>;
}

const IS_KIND: Record<KeysetKind, (text: string) => boolean> = {
  text: (text) => !text.includes('\0'),
  id: isId,
  instant: isUtcInstant,
  integer: (text) => /^-?\d{1,18}$/.test(text),
};

function isUtcInstant(text: string): boolean {
  const date = new Date(text);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, TO_THE_SECOND) === text.slice(0, TO_THE_SECOND);
  // PostgreSQL has no year 0.
  return isReal && text >= '0001' && /^.{19}(\.\d{1,6})?Z$/.test(text);
}

/** Refuses (BAD_USER_INPUT) a size outside 1…100 and a cursor that this order never gave out. */
export function parsePage(args: PageArgs, order: KeysetOrder): Page {
  const size = args.first ?? DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    throw new RequestError('BAD_USER_INPUT', `first must be from 1 to ${String(MAX_PAGE_SIZE)}; got ${String(size)}.`);
  }
  return { size, after: args.after == null ? undefined : decodeCursor(args.after, order) };
}

/** Values in the order's own columns; instants as RFC 3339 text with all the digits that the column has, or rows would be skipped. */
export function encodeCursor(order: KeysetOrder, values: readonly string[]): string {
  if (!fits(order, values)) throw new TypeError(`These values are no keyset of ${order.name}.`);
  return Buffer.from(JSON.stringify([order.name, ...values])).toString('base64url');
}

/** Refuses (BAD_USER_INPUT) whatever encodeCursor did not write for this order. */
export function decodeCursor(cursor: string, order: KeysetOrder): readonly string[] {
  const [name, ...values] = cursorParts(cursor);
  if (name === order.name && fits(order, values)) return values;
  throw new RequestError('BAD_USER_INPUT', 'after is not a cursor of this list; take one from its pageInfo.endCursor.');
}

function cursorParts(cursor: string): string[] {
  if (cursor.length > MAX_CURSOR_CHARACTERS) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    return [];
  }
}

function fits(order: KeysetOrder, values: readonly string[]): boolean {
  return values.length === order.kinds.length && order.kinds.every((kind, index) => IS_KIND[kind](values[index] ?? '\0'));
}

/** `rows`: up to size + 1 of them; the one too many only says that there is a next page. */
export function buildConnection<T>(
  rows: readonly T[],
  page: Page,
  cursorOf: (row: T) => string,
  totalCount: () => Promise<number>,
): Connection<T> {
  const nodes = rows.slice(0, page.size);
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  const pageInfo = {
    hasNextPage: rows.length > page.size,
    hasPreviousPage: page.after !== undefined,
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, nodes, pageInfo, totalCount };
}
