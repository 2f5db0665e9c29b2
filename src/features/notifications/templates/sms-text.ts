import { SegmentedMessage } from 'sms-segments-calculator';
import { oneLine } from './plain.js';
import { amount, WORDS, type ToldAlert, type ToldNotification, type Words } from './words.js';

export interface SmsText {
  readonly text: string;
  /** What it costs: 160 signs of GSM 03.38 are one, or 70 where a sign is not among them; several have less each. */
  readonly segments: number;
}

const ELLIPSIS = '..';
const MIN_NAME = 4;
const MAX_SHOP_NAME = 30;
const MAX_LOCATION_NAME = 24;
/** Of a digest; more never fit into one. */
const MAX_LINES = 8;

/**
 * A text for one segment: the item's name is cut, never its number. One of signs that GSM 03.38 lacks is sent as it is, in fewer signs a
 * segment, and cut until it fits as well where it can.
 */
export function smsText(told: ToldNotification): SmsText {
  const words = WORDS[told.language];
  const text = told.total === 1 ? single(told, words) : digest(told, words);
  return { text, segments: segmentsOf(text) };
}

export function segmentsOf(text: string): number {
  return new SegmentedMessage(text).segmentsCount;
}

function fits(text: string): boolean {
  return segmentsOf(text) <= 1;
}

function single({ shop, alerts: [alert] }: ToldNotification, words: Words): string {
  if (!alert) return gsm(shop);
  const place = cut(gsm(alert.location), MAX_LOCATION_NAME);
  const build = (item: string): string =>
    `${cut(gsm(shop), MAX_SHOP_NAME)}: ${words.kind[alert.kind]}: ${item}, ${place}: ${gsm(words.left(amount(alert)))}.`;
  const text = withCutName(gsm(alert.item), build);
  const stop = `${text} ${words.smsStop}`;
  return fits(stop) ? stop : text;
}

/** The longest beginning of the name with which the text fits; the shortest where none does. */
function withCutName(name: string, build: (name: string) => string): string {
  const { length } = signsOf(name);
  for (let kept = length; kept > MIN_NAME; kept -= 1) {
    const text = build(cut(name, kept));
    if (fits(text)) return text;
  }
  return build(cut(name, MIN_NAME));
}

/** How many there are, and as many of them as there is room for. */
function digest({ shop, total, alerts }: ToldNotification, words: Words): string {
  let text = words.smsDigest(total, cut(gsm(shop), MAX_SHOP_NAME));
  let told = 0;
  for (const alert of alerts.slice(0, MAX_LINES)) {
    const next = `${text} ${line(alert, words)};`;
    const rest = total - told - 1;
    if (!fits(rest > 0 ? `${next} ${words.smsMore(rest)}` : next)) break;
    text = next;
    told += 1;
  }
  return told > 0 && told < total ? `${text} ${words.smsMore(total - told)}` : text.replace(/;$/, '');
}

const DIGEST_NAME = 20;

function line(alert: ToldAlert, words: Words): string {
  return `${cut(gsm(alert.item), DIGEST_NAME)}: ${gsm(words.left(amount(alert)))}`;
}

function cut(text: string, length: number): string {
  const signs = signsOf(text);
  return signs.length <= length
    ? text
    : `${signs
        .slice(0, length - ELLIPSIS.length)
        .join('')
        .trimEnd()}${ELLIPSIS}`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** As a person counts them, so that none is cut in two. */
function signsOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** Typographic signs that have a plain form. */
const PLAIN: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201C': '"',
  '\u201D': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  '\u00A0': ' ',
  '\u00D7': 'x',
  '`': "'",
};

/** In one line and, where that can be, in signs of GSM 03.38: letters lose the marks that it has not. */
function gsm(text: string): string {
  return signsOf(oneLine(text).normalize('NFC'))
    .map((sign) => (isGsm(sign) ? sign : (PLAIN[sign] ?? bare(sign))))
    .join('');
}

function bare(sign: string): string {
  const letter = sign.normalize('NFD').replace(/\p{M}+/gu, '');
  return letter !== '' && isGsm(letter) ? letter : sign;
}

function isGsm(sign: string): boolean {
  return new SegmentedMessage(sign).encodingName === 'GSM-7';
}
