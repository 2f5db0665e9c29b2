import { createHash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, InvalidError, NotFoundError, RequestError } from '../../kernel/errors.js';
import type { Actor } from '../access/index.js';
import { CodeReaderError, type CodeReader, type ImageCode } from './code-reader.port.js';
import type { ParsedCode } from './codes/gs1-message.js';
import { codesToScan, parsedOf, scannedText, wholeText, type PhotoCode } from './photo-codes.js';
import { readCode } from './scan-judge.js';
import { MAX_SCAN_ID_LENGTH } from './scan.js';

/** A code of a photo as it is shown. symbology: the AIM identifier. parsed: undefined where the text can be no code. */
export interface DecodedCode {
  readonly value: string;
  readonly symbology: string;
  readonly parsed: ParsedCode | undefined;
}

export const NO_CODE_FOUND =
  'No code was found in the photo: go closer, with more light, until the code is sharp and fills the picture.';
const PATH = ['image'];
const BASE64 = /^[A-Za-z\d+/]*={0,2}$/;
const BASE64_GROUP = 4;
/** As pages make them of a file. */
const DATA_URL = /^data:image\/[a-z]+;base64,/;
/** Hexadecimal digits of a code's hash in the id of its scan. */
const ID_DIGITS = 16;

/** Photos of codes. Opens no transaction. */
export class PhotoService {
  constructor(
    private readonly reader: CodeReader,
    private readonly clock: Clock,
  ) {}

  /**
   * What the codes of a photo say. Refuses an image that is none (UNSUPPORTED), that cannot be read (INVALID), and one without a code (NOT_FOUND); while too
   * many are being read, TOO_MANY_REQUESTS.
   */
  async decode(actor: Actor, image: Uint8Array): Promise<DecodedCode[]> {
    const codes = await this.reader.read(image).catch((error: unknown) => {
      throw refusalOf(error);
    });
    if (codes.length === 0) throw new NotFoundError(NO_CODE_FOUND, PATH);
    return this.understand(actor, codes).map((code) => {
      return { value: code.code.text, symbology: code.code.symbology, parsed: parsedOf(code) };
    });
  }

  /** The same of an image as Base64, which is refused (INVALID) where it is none. */
  decodeBase64(actor: Actor, image: string): Promise<DecodedCode[]> {
    const text = image.replace(DATA_URL, '');
    if (text === '' || text.length % BASE64_GROUP !== 0 || !BASE64.test(text)) {
      throw new InvalidError('The image must be Base64 text of a JPEG, PNG or WebP.', PATH);
    }
    return this.decode(actor, Buffer.from(text, 'base64'));
  }

  /** The codes of a photo that are to be scanned, as a scanner sends them; none where none is found. Throws CodeReaderError. */
  async codesToScan(actor: Actor, image: Uint8Array): Promise<string[]> {
    const codes = await this.reader.read(image);
    return codesToScan(this.understand(actor, codes)).map(({ code }) => scannedText(code));
  }

  private understand(actor: Actor, codes: readonly ImageCode[]): PhotoCode[] {
    const now = this.clock.now();
    return codes.map((code) => ({ code, reading: readCode(actor, wholeText(code), now) }));
  }
}

/** The id of one code's scan in the photo that was sent under `id`: the same each time that the photo is sent. */
export function photoScanId(id: string, code: string): string {
  const suffix = `:${createHash('sha256').update(code).digest('hex').slice(0, ID_DIGITS)}`;
  const fits = id.trim() === '' || id.length > MAX_SCAN_ID_LENGTH || id.length + suffix.length <= MAX_SCAN_ID_LENGTH;
  if (!fits) return createHash('sha256').update(id).digest('hex') + suffix;
  // One that is no id at all is refused as it came.
  return id.trim() === '' || id.length > MAX_SCAN_ID_LENGTH ? id : id + suffix;
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof CodeReaderError)) return error;
  switch (error.refusal) {
    case 'NOT_AN_IMAGE':
      return new DomainError('UNSUPPORTED', error.message, PATH);
    case 'DAMAGED':
    case 'TOO_LARGE':
    case 'TOO_SLOW':
      return new InvalidError(error.message, PATH);
    case 'BUSY':
      return new RequestError('TOO_MANY_REQUESTS', error.message);
  }
}
