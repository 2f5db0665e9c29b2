/** A corner of a code, in pixels of the image as it is looked at (after the turn that a camera noted), from the top left. */
export interface ImagePoint {
  readonly x: number;
  readonly y: number;
}

/** One code that was found in an image. */
export interface ImageCode {
  /** The data: FNC1 between GS1 elements as the group separator, the digits of an add-on right behind those of its EAN or UPC (UPC as 13 digits). */
  readonly text: string;
  /** The AIM symbology identifier (ISO/IEC 15424), such as `]E0` or `]C1`. With `text` behind it: what a scanner sends that is set to name it. */
  readonly symbology: string;
  /** Its four corners, clockwise from where its data begins. */
  readonly position: readonly ImagePoint[];
}

export const CODE_READER_REFUSALS = ['NOT_AN_IMAGE', 'DAMAGED', 'TOO_LARGE', 'TOO_SLOW', 'BUSY'] as const;
export type CodeReaderRefusal = (typeof CODE_READER_REFUSALS)[number];

/** Why an image was not looked at. The message is one sentence for the person who took it. BUSY passes by itself. */
export class CodeReaderError extends Error {
  override readonly name = 'CodeReaderError';

  constructor(
    readonly refusal: CodeReaderRefusal,
    message: string,
  ) {
    super(message);
  }
}

/** What finds codes in an image. */
export interface CodeReader {
  /**
   * The codes in an image (JPEG, PNG or WebP, told by its bytes), each text once; none where none can be read. A code that may be misread is left out
   * rather than guessed. Throws CodeReaderError, and never takes longer than a limit of its own.
   */
  read(image: Uint8Array): Promise<ImageCode[]>;
  /** Lets go of what it holds; images that are looked at are given up as BUSY. */
  close(): Promise<void>;
}
