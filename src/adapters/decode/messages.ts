import type { CodeReaderRefusal, ImageCode } from '../../features/barcode/code-reader.port.js';

/** What a thread is told: an image and how long it may go on looking for codes in it. */
export interface DecodeRequest {
  readonly image: Uint8Array;
  readonly budgetMs: number;
}

/** What a thread answers; one answer for each image, in their order. */
export type DecodeReply =
  | { readonly ok: true; readonly codes: readonly ImageCode[] }
  | { readonly ok: false; readonly refusal: CodeReaderRefusal; readonly message: string };
