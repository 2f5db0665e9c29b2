import { isId } from '../kernel/ids.js';

/** One byte before the row's id says its type. Clients keep global ids, so a letter is never given to another type. */
const TYPE_LETTERS = {
  Shop: 'S',
  Category: 'C',
  StockItem: 'I',
  Location: 'L',
  StockLevel: 'V',
  StockMovement: 'M',
  ApiKey: 'K',
  ParkedScan: 'P',
  StockAlert: 'A',
  Reservation: 'R',
  OutboxJob: 'J',
  Notification: 'N',
  NotificationRecipient: 'T',
  WebhookEndpoint: 'W',
  WebhookDelivery: 'D',
  StoredFile: 'F',
  Membership: 'B',
  Invitation: 'Y',
  AuditEntry: 'E',
} as const;

export type NodeTypeName = keyof typeof TYPE_LETTERS;
export interface GlobalId {
  type: NodeTypeName;
  id: string;
}

const TYPES_BY_LETTER = new Map(Object.entries(TYPE_LETTERS).map(([type, letter]) => [letter as string, type as NodeTypeName]));
if (TYPES_BY_LETTER.size < Object.keys(TYPE_LETTERS).length) throw new TypeError('Two types have one letter.');
const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;
const GLOBAL_ID_LENGTH = 23;

export function isNodeTypeName(name: string): name is NodeTypeName {
  return Object.hasOwn(TYPE_LETTERS, name);
}

/** The id that clients see: opaque, URL-safe, 23 characters. `id` is the row's UUID. */
export function toGlobalId(type: NodeTypeName, id: string): string {
  if (!isId(id)) throw new TypeError(`A ${type} has no UUID as its id.`);
  const letter = Buffer.from(TYPE_LETTERS[type]);
  return Buffer.concat([letter, Buffer.from(id.replaceAll('-', ''), 'hex')]).toString('base64url');
}

/** Undefined for anything that toGlobalId never gave out; so every row has one spelling. */
export function parseGlobalId(globalId: string): GlobalId | undefined {
  if (globalId.length !== GLOBAL_ID_LENGTH) return undefined;
  const bytes = Buffer.from(globalId, 'base64url');
  const type = TYPES_BY_LETTER.get(bytes.toString('latin1', 0, 1));
  const id = bytes.toString('hex', 1).replace(UUID_PARTS, '$1-$2-$3-$4-$5');
  if (type === undefined || !isId(id) || toGlobalId(type, id) !== globalId) return undefined;
  return { type, id };
}

/** The row's own id, or undefined when the global id is none or names another type. */
export function idOf(type: NodeTypeName, globalId: string): string | undefined {
  const parsed = parseGlobalId(globalId);
  return parsed?.type === type ? parsed.id : undefined;
}

/** No row has it, so a filter by it finds nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** As `filterId`, of whichever type. */
export function filterAnyId(globalId: string | null | undefined): string | undefined {
  return globalId == null ? undefined : (parseGlobalId(globalId)?.id ?? NOBODY);
}

/** A filter's global id as a row id: undefined when there is no filter; an id that is none of the type finds nothing. */
export function filterId(type: NodeTypeName, globalId: string | null | undefined): string | undefined {
  return globalId == null ? undefined : (idOf(type, globalId) ?? NOBODY);
}
