import { INJECTIONS } from './naughty-injections.js';
import { NUMBERS, WORDS } from './naughty-words.js';

/** Whole texts of one kind, by the kind's name. */
type Kinds = Readonly<Record<string, readonly string[]>>;

const point = (code: number): string => String.fromCodePoint(code);
const span = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => point(from + index));
/** A character where people do not see it: alone, in front, within, behind. */
const around = (characters: readonly string[]): string[] => characters.flatMap((c) => [c, `${c}Bread`, `Br${c}ead`, `Bread${c}`]);

const BLANKS = [...span(0x2000, 0x200a), '\u00a0', '\u1680', '\u202f', '\u205f', '\u3000', '\u0085', '\u2028', '\u2029'];
const INVISIBLE = [
  '\u00ad',
  '\u034f',
  '\u061c',
  '\u115f',
  '\u180e',
  ...span(0x200b, 0x200f),
  ...span(0x2060, 0x2064),
  '\u3164',
  '\ufeff',
];
const TURNING = [...span(0x202a, 0x202e), ...span(0x2066, 0x2069), '\u200e', '\u200f'];
const HALVES = ['\ud800', '\udbff', '\udc00', '\udfff', '\udc00\ud800', '\ud800\ud800', '\ud83d\ud83d\ude00'];
const NO_CHARACTERS = [
  ...span(0xfdd0, 0xfdd3),
  '\ufffe',
  '\uffff',
  point(0x1fffe),
  point(0x10ffff),
  '\ue000',
  '\ufffd',
  '\ufff9x\ufffb',
];
const LETTERS_ALIKE: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  o: 'о',
  p: 'р',
  x: 'х',
  y: 'у',
  i: 'і',
  A: 'Α',
  B: 'Β',
  O: 'Ο',
};
const LOOKED_AFTER = ['Coca-Cola', 'paypal', 'Bread', 'admin', 'OWNER', 'ace', 'Sasko', 'Omo', 'Albany', 'Parmalat'];

/** The same word in letters of other scripts, one letter at a time and all of them. */
function confused(word: string): string[] {
  const letters = Array.from(word);
  const swapped = letters.flatMap((letter, index) => {
    const alike = LETTERS_ALIKE[letter];
    return alike === undefined ? [] : [letters.with(index, alike).join('')];
  });
  const wide = letters
    .map((letter) => (letter > ' ' && letter <= '~' ? point((letter.codePointAt(0) ?? 0) + 0xfee0) : letter))
    .join('');
  const bold = letters.map((letter) => (/[A-Z]/.test(letter) ? point(0x1d400 + letter.charCodeAt(0) - 65) : letter)).join('');
  return [...swapped, letters.map((letter) => LETTERS_ALIKE[letter] ?? letter).join(''), wide, bold];
}

const SCRIPTS = [
  'مرحبا بالعالم',
  'שלום עולם',
  '\u202dabc\u202c\u05d0',
  'హలో ప్రపంచం',
  'জ্ঞ',
  'ﷺ',
  '﷽',
  'สวัสดี',
  '田中さんにあげて下さい',
  '𠜎𠜱𠝹𠱓',
  '𝄞𝕏',
  '😀',
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '👍🏿',
  '🇿🇦',
  '🇿',
  '1️⃣',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  '\u0301',
  `a${'\u0301'.repeat(50)}`,
  'e\u0301',
  'é',
  'Å',
  'Å',
  'Å',
  'ﬃ',
  'ßŉ',
  'İı',
  'ſK',
  'ǆ',
  'ΐ',
  'Ω≈ç√∫˜µ',
  '⁰⁴⁵₀₁₂',
  '١٢٣',
  '１２３',
  '½',
  'Ⅳ',
];

const LENGTHS = [
  1, 63, 64, 65, 119, 120, 121, 199, 200, 201, 254, 255, 256, 500, 999, 1000, 1001, 2000, 4096, 7089, 7090, 10_000,
];
const LONG = LENGTHS.flatMap((length) => ['n', 'é', '世'].map((letter) => letter.repeat(length))).concat(
  LENGTHS.map((length) => '𝄞'.repeat(Math.ceil(length / 2))),
  [`${' '.repeat(5000)}x`, `x${' '.repeat(5000)}`, `${'a'.repeat(3000)}!`, `${'('.repeat(1000)}${')'.repeat(1000)}`],
);

const KINDS: Kinds = {
  controls: around([...span(0, 0x1f), '\u007f', ...span(0x80, 0x9f)]),
  blanks: around(BLANKS),
  invisible: around(INVISIBLE),
  turning: around(TURNING),
  halves: around(HALVES),
  'no characters': around(NO_CHARACTERS),
  confusable: LOOKED_AFTER.flatMap(confused),
  scripts: SCRIPTS,
  long: LONG,
  words: WORDS,
  numbers: NUMBERS,
  injections: INJECTIONS,
};

/** Numbers from 0 to 1, the same for a seed on every machine (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is written by hand, and from there on mixtures of it: `count` texts, no two alike, the same for a seed. */
export function naughtyTexts(count: number, seed = 1): string[] {
  const written = Object.values(KINDS).flat();
  const texts = new Set(written);
  const random = seeded(seed);
  const any = (): string => written[Math.floor(random() * written.length)] ?? '';
  while (texts.size < count) {
    const [one, other] = [any().slice(0, 60), any().slice(0, 60)];
    texts.add(
      [`${one}${other}`, `Bread ${one}`, `${one}\u200b${other}`, `"${one}"`, `${one}\n${other}`][Math.floor(random() * 5)] ?? one,
    );
  }
  return [...texts].slice(0, count);
}
