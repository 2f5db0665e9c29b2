import type { ScanVerdict } from './scan-door.js';

export interface ScanReply {
  status: number;
  contentType: string;
  body: string;
}

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const WORDS = { APPLIED: 'OK', REPLAYED: 'OK', PARKED: 'PARKED', REJECTED: 'NO' } as const;
const STATUS = { ok: 200, parked: 202, several: 207, keyReused: 409, rejected: 422 } as const;

/** Whether the client asks for JSON and not for text first. */
export function wantsJson(accept: string | undefined): boolean {
  const [first = ''] = (accept ?? '').split(',').filter((range) => /json|text\/plain|\*\/\*/i.test(range));
  return /json/i.test(first);
}

/** One line a scan, the words first: a small screen shows the start of a line. */
export function verdictsReply(verdicts: readonly ScanVerdict[], asJson: boolean): ScanReply {
  const status = statusOf(verdicts);
  if (!asJson) return { status, contentType: TEXT, body: verdicts.map(lineOf).join('') };
  const results = verdicts.map(({ json }) => json);
  return { status, contentType: JSON_TYPE, body: JSON.stringify(results.length === 1 ? results[0] : { results }) };
}

/** A refusal of the whole request, in one line or in JSON. */
export function refusalReply(status: number, code: string, message: string, asJson: boolean): ScanReply {
  if (!asJson) return { status, contentType: TEXT, body: `NO ${oneLine(message)}\n` };
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ errors: [{ message, extensions: { code } }] }) };
}

function lineOf({ outcome, say }: ScanVerdict): string {
  return `${WORDS[outcome]} ${oneLine(say)}\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function statusOf(verdicts: readonly ScanVerdict[]): number {
  const [only] = verdicts;
  if (only === undefined || verdicts.length > 1) return STATUS.several;
  if (only.outcome === 'PARKED') return STATUS.parked;
  if (only.outcome !== 'REJECTED') return STATUS.ok;
  return only.refusals.some(({ code }) => code === 'KEY_REUSED') ? STATUS.keyReused : STATUS.rejected;
}
