import { v7 as uuidv7, validate } from 'uuid';

/** A row's own id: UUIDv7, so that new rows land at the end of an index. Clients see opaque global ids made from it. */
export function newId(): string {
  return uuidv7();
}

export function isId(text: string): boolean {
  return validate(text);
}

/** No id that was made at `time` or later is less than this one. Nothing was made before 1970. */
export function lowestIdAt(time: Date): string {
  const ms = Math.max(0, time.getTime()).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`;
}
