import type { ImageCode, ImagePoint } from '../../features/barcode/code-reader.port.js';
import type { Sighting } from './engine.js';
import type { View } from './views.js';

/** How far the code itself can be trusted: error correction, a check over all of it, one check digit in ten, or none at all. */
type Trust = 'SURE' | 'CHECKED' | 'DIGIT' | 'NONE';
const TRUST: Readonly<Record<string, Trust>> = {
  DataMatrix: 'SURE',
  QRCode: 'SURE',
  Aztec: 'SURE',
  PDF417: 'SURE',
  Code128: 'CHECKED',
  Code93: 'CHECKED',
  DataBar: 'CHECKED',
  EANUPC: 'DIGIT',
};
/** Lines in one plain view, or all lines, that leave no doubt. */
const CLEAR_LINES = { CHECKED: 3, DIGIT: 8 } as const;
const MIN_LINES = { DIGIT: 8, NONE: 8 } as const;
const MIN_LENGTH_UNCHECKED = 4;
/** A view that nothing was done to says as much as two others. */
const WEIGHT = { plain: 2, changed: 1 } as const;
const CLEAR_LEAD = 2;
const MAX_LINES_WITHOUT_ADD_ON = 3;
const MAIN_DIGITS = 13;
const EAN_8_DIGITS = 8;
const ADD_ON_HINT = /"EanAddOn":"(\d+)"/;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What may be one code: all sightings of one text (of its main symbol, where it is an EAN or UPC with an add-on). */
interface Candidate {
  readonly text: string;
  readonly trust: Trust;
  readonly symbology: string;
  readonly position: readonly ImagePoint[];
  readonly box: Box;
  readonly addOns: Map<string, number>;
  views: number;
  weight: number;
  lines: number;
  plainLines: number;
}

/**
 * Counts what the views say. A wrong reading moves the wrong stock, which is worse than none, and an EAN has but one digit to check it by: what two views do
 * not agree on, or few lines of one only have seen, is not believed.
 */
export class Ballot {
  private readonly candidates = new Map<string, Candidate>();

  add(sightings: readonly Sighting[], view: View): void {
    const seen = new Set<Candidate>();
    for (const sighting of sightings) {
      if (sighting.isValid && sighting.text !== '') seen.add(this.count(sighting, view));
    }
    for (const candidate of seen) {
      candidate.views += 1;
      candidate.weight += view.isPlain ? WEIGHT.plain : WEIGHT.changed;
    }
  }

  get isEmpty(): boolean {
    return this.candidates.size === 0;
  }

  /** Something was read, and nothing of it is in doubt. */
  get isClear(): boolean {
    return !this.isEmpty && this.standing().every((candidate) => this.isCertain(candidate) && hasClearAddOn(candidate));
  }

  get hasCertain(): boolean {
    return this.standing().some((candidate) => this.isCertain(candidate));
  }

  /** What is believed, as it was counted so far. */
  codes(): ImageCode[] {
    const standing = this.standing();
    const certain = standing.filter((candidate) => this.isCertain(candidate));
    // Beside a code that nobody doubts, what only changed views show is mostly made of its digits and its frame.
    const likely = standing.filter((one) => this.isLikely(one) && (certain.length === 0 || one.plainLines > 0));
    return [...new Set([...certain, ...likely])].map(codeOf);
  }

  private count(sighting: Sighting, view: View): Candidate {
    const { main, addOn, isHint = false } = splitAddOn(sighting);
    const candidate = this.candidates.get(main) ?? newCandidate(sighting, main, view);
    this.candidates.set(main, candidate);
    const lines = Math.max(1, sighting.lineCount);
    candidate.lines += lines;
    if (view.isPlain) candidate.plainLines = Math.max(candidate.plainLines, lines);
    if (addOn !== undefined) candidate.addOns.set(addOn, (candidate.addOns.get(addOn) ?? 0) + (isHint ? 1 : lines));
    return candidate;
  }

  /** All but those that a better one at the same place has beaten. */
  private standing(): Candidate[] {
    const all = [...this.candidates.values()];
    return all.filter((one) => !rivalsOf(one, all).some((rival) => this.isCertain(rival) && outranks(rival, one)));
  }

  private isCertain(candidate: Candidate): boolean {
    const { trust, lines, plainLines, views, text } = candidate;
    if (trust === 'SURE') return true;
    if (trust === 'CHECKED') return lines >= CLEAR_LINES.CHECKED;
    const rivals = rivalsOf(candidate, [...this.candidates.values()]);
    if (!rivals.every((rival) => outranks(candidate, rival, CLEAR_LEAD))) return false;
    if (trust === 'NONE') return views > 1 && lines >= MIN_LINES.NONE && text.length >= MIN_LENGTH_UNCHECKED;
    return views > 1 || plainLines >= CLEAR_LINES.DIGIT;
  }

  /** Good enough where nothing better came. */
  private isLikely(candidate: Candidate): boolean {
    const { trust, lines, views } = candidate;
    if (trust === 'CHECKED') return true;
    if (trust !== 'DIGIT') return false;
    const rivals = rivalsOf(candidate, [...this.candidates.values()]);
    return views > 1 ? rivals.every((rival) => outranks(candidate, rival)) : rivals.length === 0 && lines >= MIN_LINES.DIGIT;
  }
}

function newCandidate({ symbology, symbologyIdentifier, position }: Sighting, main: string, view: View): Candidate {
  const { topLeft, topRight, bottomRight, bottomLeft } = position;
  const corners = [topLeft, topRight, bottomRight, bottomLeft].map(view.toPhoto);
  return {
    text: main,
    trust: TRUST[symbology] ?? 'NONE',
    symbology: symbologyIdentifier,
    position: corners,
    box: boxOf(corners),
    addOns: new Map(),
    views: 0,
    weight: 0,
    lines: 0,
    plainLines: 0,
  };
}

function splitAddOn({ text, symbology, format, extra }: Sighting): { main: string; addOn?: string; isHint?: boolean } {
  if (symbology !== 'EANUPC') return { main: text };
  const digits = format === 'EAN8' ? EAN_8_DIGITS : MAIN_DIGITS;
  if (text.length > digits) return { main: text.slice(0, digits), addOn: text.slice(digits) };
  // Its lines did not agree on the add-on: one is there, but perhaps not this one.
  const [, hint] = ADD_ON_HINT.exec(extra) ?? [];
  return hint === undefined ? { main: text } : { main: text, addOn: hint, isHint: true };
}

/** The add-on that most lines have seen, where it is not far fewer than saw the code beside it. */
function addOnOf({ addOns, lines }: Candidate): string | undefined {
  const [best] = [...addOns].sort(([, a], [, b]) => b - a);
  return best && best[1] >= lines / MAX_LINES_WITHOUT_ADD_ON ? best[0] : undefined;
}

/** There is none to be seen, or one to be seen clearly. */
function hasClearAddOn({ addOns }: Candidate): boolean {
  return addOns.size === 0 || Math.max(...addOns.values()) >= CLEAR_LINES.DIGIT;
}

const AIM_ADD_ON = ']E3';
const AIM_EAN = ']E0';
const AIM_EAN_8 = ']E4';

function codeOf(candidate: Candidate): ImageCode {
  const { text, position } = candidate;
  if (candidate.trust !== 'DIGIT') return { text, symbology: candidate.symbology, position };
  const addOn = addOnOf(candidate);
  if (addOn !== undefined) return { text: text + addOn, symbology: AIM_ADD_ON, position };
  return { text, symbology: text.length === EAN_8_DIGITS ? AIM_EAN_8 : AIM_EAN, position };
}

/** What a plain view has seen goes before what only changed ones have: sharpening makes bars of what lies between them, the same ones each time. */
function outranks(one: Candidate, other: Candidate, lead = 1): boolean {
  const isPlain = one.plainLines > 0;
  return isPlain === other.plainLines > 0 ? one.weight >= other.weight + lead : isPlain;
}

/** Others at the same place: one of them is misread. */
function rivalsOf(candidate: Candidate, all: readonly Candidate[]): Candidate[] {
  return all.filter((other) => other !== candidate && overlap(candidate.box, other.box));
}

function boxOf(corners: readonly ImagePoint[]): Box {
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Codes may touch and still be two; a code that is seen as a line has no height. */
function overlap(one: Box, other: Box): boolean {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  const narrower = Math.min(one.right - one.left, other.right - other.left);
  return width > narrower / 4 && height >= 0;
}
