/** Beyond it a reply keeps the process from all else while it is written, and few clients could read it. */
export const MAX_REPLY_CHARACTERS = 20_000_000;
/** Quotes, colon and comma. */
const AROUND_A_KEY = 4;
const NUMBER_CHARACTERS = 8;

/** What a reply comes to. */
export interface ReplySize {
  /** Itself apart; 1 at the least. */
  readonly objects: number;
  /** About so many, names of fields included. */
  readonly characters: number;
}

export function sizeOfReply(data: unknown): ReplySize {
  const sum = { objects: 0, characters: 0 };
  addTo(sum, data);
  return { objects: Math.max(1, sum.objects - 1), characters: sum.characters };
}

function addTo(sum: { objects: number; characters: number }, value: unknown): void {
  if (typeof value === 'string') sum.characters += value.length;
  else if (typeof value !== 'object' || value === null) sum.characters += NUMBER_CHARACTERS;
  else if (Array.isArray(value)) for (const part of value) addTo(sum, part);
  else {
    sum.objects += 1;
    // Of each value of each reply: pairs of keys and values would take three times as long as the rest of it.
    for (const key of Object.keys(value)) {
      sum.characters += key.length + AROUND_A_KEY;
      addTo(sum, (value as Readonly<Record<string, unknown>>)[key]);
    }
  }
}
