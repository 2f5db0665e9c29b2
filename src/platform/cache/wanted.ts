import type { Region } from './region.js';

/** A value that is asked for, and where it is kept. */
export interface Asked<Id> {
  readonly id: Id;
  readonly key: string;
  readonly stampName: string;
}

/** Beside it the stamp that it is believed under now. `found` is what it turned out to be; there may be none. */
export interface Wanted<Id, Value> extends Asked<Id> {
  readonly stamp: string;
  found?: { readonly value: Value | undefined };
  /** There was a value, of an older stamp. */
  isOutdated?: boolean;
}

/** What a shared text holds, if it is of this stamp: the stamp stands before the first space, JSON behind it. */
export function readText<Id, Value>({ codec }: Region<Id, Value>, text: string | undefined, stamp: string) {
  if (!text?.startsWith(`${stamp} `)) return undefined;
  const json = text.slice(stamp.length + 1);
  const parsed: unknown = JSON.parse(json);
  return { value: parsed === null ? undefined : codec.decode(parsed as never), size: json.length };
}
