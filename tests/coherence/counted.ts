import { Subject } from './judge.js';

/** A text that is counted up, such as "Item 1, revision 17", by one writer at a time, so that the numbers are in the order of the writes. */
export class Counted extends Subject {
  /** The highest number that a writer has sent. */
  begun = 0;
  private isTaken = false;

  constructor(private readonly prefix: string) {
    super(`"${prefix}…"`);
  }

  /** The next text and its number; undefined while another writer is at it. To be given back with `done`. */
  next(): { number: number; text: string } | undefined {
    if (this.isTaken) return undefined;
    this.isTaken = true;
    this.begun += 1;
    return { number: this.begun, text: this.text(this.begun) };
  }

  done(): void {
    this.isTaken = false;
  }

  text(number: number): string {
    return `${this.prefix}${String(number)}`;
  }

  /** The number in a text of this prefix; undefined for any other text. */
  numberIn(text: string | undefined): number | undefined {
    return text?.startsWith(this.prefix) === true ? Number(text.slice(this.prefix.length)) : undefined;
  }
}
