import { Worker } from 'node:worker_threads';
// Loaded here too, so that its library stays in memory while threads that use it come and go.
import 'sharp';
import type { DecodeReply, DecodeRequest } from './messages.js';

/** Of what JavaScript holds; pixels and the decoder's own memory are bounded by how large an image may be. */
const MAX_HEAP_MB = 256;

/** Compiled, the thread's file stands beside this one as JavaScript; run from its sources, it is TypeScript still and needs tsx. */
function startThread(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? './decode-thread.ts' : './decode-thread.js', import.meta.url);
  return new Worker(file, {
    name: 'decode',
    // Settings and secrets are none of its business.
    env: {},
    ...(isSource && { execArgv: ['--import', import.meta.resolve('tsx')] }),
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
}

/** One thread that looks at one image at a time. */
export class DecodeWorker {
  private readonly thread: Worker;
  private settle: { resolve: (reply: DecodeReply) => void; reject: (error: Error) => void } | undefined;
  private fault: Error | undefined;
  private ended: Promise<unknown> | undefined;

  constructor() {
    this.thread = startThread();
    // An idle thread keeps no process alive.
    this.thread.unref();
    this.thread.on('message', (reply: DecodeReply) => {
      const { settle } = this;
      this.settle = undefined;
      this.thread.unref();
      settle?.resolve(reply);
    });
    this.thread.on('error', (error: Error) => {
      this.end(error);
    });
    this.thread.on('exit', () => {
      this.end(new Error('The thread that looks for codes ended.'));
    });
  }

  /** It failed or was stopped, and takes no more images. */
  get isOver(): boolean {
    return this.fault !== undefined;
  }

  /** Rejects when the thread dies of it, or is stopped. */
  decode(request: DecodeRequest): Promise<DecodeReply> {
    if (this.fault) return Promise.reject(this.fault);
    this.thread.ref();
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.thread.postMessage(request);
    });
  }

  /** What it is looking at is given up with this reason at once. Resolves once the thread is gone: an image that is being opened is opened to its end. */
  async stop(reason: Error): Promise<void> {
    this.end(reason);
    await (this.ended ??= this.thread.terminate());
  }

  private end(error: Error): void {
    this.fault ??= error;
    const { settle } = this;
    this.settle = undefined;
    settle?.reject(error);
  }
}
