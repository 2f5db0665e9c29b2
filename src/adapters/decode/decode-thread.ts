import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { CodeReaderError } from '../../features/barcode/code-reader.port.js';
import { findCodes } from './find-codes.js';
import type { DecodeReply, DecodeRequest } from './messages.js';

// Each image has a thread of its own already, and none that was opened is opened again.
sharp.concurrency(1);
sharp.cache(false);

parentPort?.on('message', ({ image, budgetMs }: DecodeRequest) => {
  // What is no refusal ends the thread, and whoever waits for its answer is told so.
  void reply(image, budgetMs).then((message) => parentPort?.postMessage(message));
});

async function reply(image: Uint8Array, budgetMs: number): Promise<DecodeReply> {
  try {
    return { ok: true, codes: await findCodes(image, budgetMs) };
  } catch (error) {
    if (!(error instanceof CodeReaderError)) throw error;
    return { ok: false, refusal: error.refusal, message: error.message };
  }
}
