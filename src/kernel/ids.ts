import { v7 as uuidv7, validate } from 'uuid';

/** A row's own id: UUIDv7, so that new rows land at the end of an index. Clients see opaque global ids made from it. */
export function newId(): string {
  return uuidv7();
}

export function isId(text: string): boolean {
  return validate(text);
}
