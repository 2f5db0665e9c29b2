import { createHmac, timingSafeEqual } from 'node:crypto';

export const LINK_SECRET_BYTES = 32;
const UUID_BYTES = 16;
const SIGNATURE_BYTES = 16;
const SHOP_END = UUID_BYTES;
const RECIPIENT_END = 2 * UUID_BYTES;
const TOKEN_BYTES = RECIPIENT_END + SIGNATURE_BYTES;
const TOKEN = /^[\w-]{64}$/;
const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** Whose e-mails a link stops. */
export interface LinkOwner {
  readonly shopId: string;
  readonly recipientId: string;
}

/** 64 characters that may stand in a URL: who it is, and that we wrote it. It opens nothing else, and ends with the person's row. */
export function unsubscribeToken(owner: LinkOwner, secret: Uint8Array): string {
  const named = Buffer.concat([uuidBytes(owner.shopId), uuidBytes(owner.recipientId)]);
  return Buffer.concat([named, signatureOf(named, secret)]).toString('base64url');
}

/** Whom a token names; not yet whether it is true. Undefined for what is none. */
export function ownerOf(token: string): LinkOwner | undefined {
  if (!TOKEN.test(token)) return undefined;
  const hex = Buffer.from(token, 'base64url').toString('hex', 0, RECIPIENT_END);
  const [shop, recipient] = [hex.slice(0, 2 * SHOP_END), hex.slice(2 * SHOP_END)];
  return { shopId: uuidText(shop), recipientId: uuidText(recipient) };
}

/** Whether we wrote it for the owner of this secret. */
export function isSigned(token: string, secret: Uint8Array): boolean {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== TOKEN_BYTES) return false;
  return timingSafeEqual(bytes.subarray(RECIPIENT_END), signatureOf(bytes.subarray(0, RECIPIENT_END), secret));
}

function signatureOf(named: Uint8Array, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret).update('unsubscribe e-mail').update(named).digest().subarray(0, SIGNATURE_BYTES);
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(hex: string): string {
  return hex.replace(UUID_PARTS, '$1-$2-$3-$4-$5');
}
