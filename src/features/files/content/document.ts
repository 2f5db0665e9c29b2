import { isText } from '../file-types.js';
import { contentError } from './content-error.js';
import { checkType, HEAD_BYTES } from './detect-type.js';

/** A ZIP archive is known by its end, which stands this near to the end of the file (APPNOTE.TXT 4.3.16: 22 bytes and a comment). */
const ZIP_END_BYTES = 65_557;
const ZIP_END = Buffer.from('PK\x05\x06', 'latin1');
const PDF_START = /^%PDF-[12]\.\d/;
const PDF_END = '%%EOF';
/** Where readers look for a PDF's end, and browsers for HTML. */
const EDGE_BYTES = 1_024;
const PAGE = /<(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed)\b/i;
/** The longest piece of a page that PAGE has to see at once. */
const OVERLAP = 64;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x08\x0b\x0e-\x1f\x7f]/;

/**
 * Passes a document on while it reads along, and rejects (InvalidError) as soon as it is known not to be what was declared: what is read so is never
 * passed on whole. Holds no more of it than its two ends.
 */
export async function* checkedDocument(body: AsyncIterable<Buffer>, declared: string): AsyncGenerator<Buffer> {
  const check = isText(declared) ? new TextCheck() : new PdfCheck();
  let head: Buffer | undefined = Buffer.alloc(0);
  let held: Buffer | undefined;
  for await (const chunk of body) {
    check.read(chunk);
    if (head) {
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
    }
    if (held) yield held;
    if (head) await checkHead(head, declared, check);
    held = head ?? chunk;
    head = undefined;
  }
  if (head) await checkHead(head, declared, check);
  check.end();
  const last = head ?? held;
  if (last) yield last;
}

async function checkHead(head: Buffer, declared: string, check: Check): Promise<void> {
  await checkType(head.subarray(0, HEAD_BYTES), declared);
  check.begin?.(head);
}

interface Check {
  /** What must not stand at the front beside what its type is detected by. */
  begin?(head: Buffer): void;
  read(chunk: Buffer): void;
  end(): void;
}

/** One PDF from its first byte to its last, and nothing else that a reader of another kind would find in it. */
class PdfCheck implements Check {
  private tail = Buffer.alloc(0);

  begin(head: Buffer): void {
    const start = head.toString('latin1', 0, EDGE_BYTES);
    if (!PDF_START.test(start)) throw contentError('This is not a PDF of version 1 or 2 from its first byte on.');
    if (PAGE.test(start)) throw contentError('This PDF begins like a web page too: save it anew.');
  }

  read(chunk: Buffer): void {
    this.tail = Buffer.concat([this.tail, chunk.subarray(-ZIP_END_BYTES)]).subarray(-ZIP_END_BYTES);
  }

  end(): void {
    if (this.tail.includes(ZIP_END)) throw contentError('This PDF is an archive too: save it anew.');
    const end = this.tail.toString('latin1', Math.max(0, this.tail.length - EDGE_BYTES));
    const rest = end.slice(end.lastIndexOf(PDF_END) + PDF_END.length);
    // eslint-disable-next-line no-control-regex
    if (!end.includes(PDF_END) || !/^[\s\x00]*$/.test(rest)) {
      throw contentError('This PDF has no end, or something else stands behind it: save it anew.');
    }
  }
}

/** Text that people read: UTF-8, without control characters, and no page or program. */
class TextCheck implements Check {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private before = '';

  read(chunk: Buffer): void {
    this.see(() => this.decoder.decode(chunk, { stream: true }));
  }

  end(): void {
    this.see(() => this.decoder.decode());
  }

  private see(decode: () => string): void {
    const text = this.before + decoded(decode);
    if (CONTROL.test(text)) throw contentError('This text has characters that no text has: save it as UTF-8.');
    if (PAGE.test(text)) throw contentError('This text has the markup of a web page in it.');
    this.before = text.slice(-OVERLAP);
  }
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw contentError('This text is not UTF-8: save it as UTF-8.');
  }
}
