import { CodeReaderError, type CodeReader, type ImageCode } from '../../features/barcode/code-reader.port.js';
import type { Logger } from '../../platform/log.js';
import { DecodeWorker } from './decode-worker.js';
import type { DecodeReply } from './messages.js';

export interface CodeReaderOptions {
  /** Images that are looked at at once, each by a thread of its own. */
  readonly threads: number;
  /** After this the thread is stopped, whatever it does. Codes are looked for during half of it. As long does an image wait for its turn. */
  readonly timeoutMs: number;
  readonly log: Logger;
}

/** Images that wait for a thread, for each thread there is; one more is refused. */
export const WAITING_PER_THREAD = 8;
const BUDGET_SHARE = 2;
/** After so long without an image the threads are let go, and their memory with them. */
const IDLE_MS = 60_000;

type Turn = (worker: DecodeWorker | undefined) => void;

/**
 * Looks for codes in threads of its own, so that neither an image that takes long nor one that breaks the decoder is felt by anybody else. The first image
 * starts them.
 */
export class ImageCodeReader implements CodeReader {
  private readonly idle: DecodeWorker[] = [];
  private readonly busy = new Set<DecodeWorker>();
  private readonly waiting: Turn[] = [];
  private lettingGo: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: CodeReaderOptions) {}

  async read(image: Uint8Array): Promise<ImageCode[]> {
    const worker = await this.takeWorker();
    try {
      const reply = await this.decode(worker, image);
      if (!reply.ok) throw new CodeReaderError(reply.refusal, reply.message);
      return [...reply.codes];
    } finally {
      if (worker.isOver) void this.replace(worker);
      else this.giveBack(worker);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const turn of this.waiting.splice(0)) turn(undefined);
    await Promise.all([...this.busy].map((worker) => worker.stop(closing())));
    await this.letGo();
  }

  /** The thread's answer. One that goes on for too long is stopped. */
  private async decode(worker: DecodeWorker, image: Uint8Array): Promise<DecodeReply> {
    const { timeoutMs } = this.options;
    const late = new CodeReaderError('TOO_SLOW', 'The photo could not be read in time: send a smaller one of the code alone.');
    const timer = setTimeout(() => void worker.stop(late), timeoutMs);
    try {
      return await worker.decode({ image, budgetMs: timeoutMs / BUDGET_SHARE });
    } catch (error) {
      this.options.log.warn({ err: error, bytes: image.length }, 'a photo was given up');
      if (error instanceof CodeReaderError) throw error;
      throw new CodeReaderError('DAMAGED', 'The image cannot be read: take the photo again.');
    } finally {
      clearTimeout(timer);
    }
  }

  private async takeWorker(): Promise<DecodeWorker> {
    if (this.isClosed) throw closing();
    clearTimeout(this.lettingGo);
    const { threads } = this.options;
    if (this.busy.size < threads) return this.occupy(this.idle.pop() ?? new DecodeWorker());
    if (this.waiting.length >= threads * WAITING_PER_THREAD) {
      throw tooMany();
    }
    const worker = await this.waitForTurn();
    if (worker === undefined) throw this.noTurn();
    return worker;
  }

  private noTurn(): CodeReaderError {
    return this.isClosed ? closing() : tooMany();
  }

  /** Undefined where none has come for as long as an image may take to be read: threads that are late may keep their places. */
  private waitForTurn(): Promise<DecodeWorker | undefined> {
    return new Promise((resolve) => {
      const turn: Turn = (worker) => {
        clearTimeout(timer);
        resolve(worker);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        resolve(undefined);
      }, this.options.timeoutMs);
      this.waiting.push(turn);
    });
  }

  private occupy(worker: DecodeWorker): DecodeWorker {
    this.busy.add(worker);
    return worker;
  }

  /** Keeps its place until it is gone: what it was opening goes on until then, and threads that start meanwhile would add to it without end. */
  private async replace(worker: DecodeWorker): Promise<void> {
    await worker.stop(closing());
    this.giveBack(worker);
  }

  /** Whoever waits longest has it next, or a new one where it is over. */
  private giveBack(worker: DecodeWorker): void {
    this.busy.delete(worker);
    const turn = this.waiting.shift();
    if (turn) turn(this.occupy(worker.isOver ? new DecodeWorker() : worker));
    else if (!worker.isOver) this.idle.push(worker);
    if (this.busy.size > 0) return;
    this.lettingGo = setTimeout(() => void this.letGo(), IDLE_MS);
    this.lettingGo.unref();
  }

  private async letGo(): Promise<void> {
    clearTimeout(this.lettingGo);
    await Promise.all(this.idle.splice(0).map((worker) => worker.stop(closing())));
  }
}

function tooMany(): CodeReaderError {
  return new CodeReaderError('BUSY', 'Too many photos are being read: try again in a few seconds.');
}

function closing(): CodeReaderError {
  return new CodeReaderError('BUSY', 'The server is stopping: try again in a few seconds.');
}
