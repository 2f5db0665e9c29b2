import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Server } from '../../support/s3-server.js';
import { startS3rver } from '../../support/s3rver-server.js';
import type { Answer, Question } from './upload-server.js';

/**
 * How much more memory a server takes while one file of 50 MB comes in, is looked at and kept under another key, and goes out again; on the disk and with
 * S3. The server is a process of its own, and its resident memory is read all the while: once as V8 has it, which lets some 50 MB of used chunks lie before
 * it first collects them, and once with those collected at each look, which is what the file takes. Fails where that is 30 MB, or where what comes out is not
 * what went in.
 *
 *     npm run check:upload
 */
const FILE_BYTES = 50 * 1_048_576;
const MOST_MORE_BYTES = 30 * 1_048_576;
const WARM_UP_BYTES = 100_000;
const CHUNK = Buffer.from('sku,name\n'.repeat(7_281)).subarray(0, 65_529);

interface Setting {
  readonly place: 'disk' | 'S3';
  /** Whether garbage is collected at each look. */
  readonly collects: boolean;
}

class Server {
  private constructor(private readonly child: ChildProcess) {}

  static async start({ place, collects }: Setting, folder: string, s3: S3Server | undefined): Promise<Server> {
    const words = [place, folder, JSON.stringify(s3?.settings ?? null), ...(collects ? ['collects'] : [])];
    const child = fork(join(import.meta.dirname, 'upload-server.ts'), words, { execArgv: [...process.execArgv, '--expose-gc'] });
    await once(child, 'message');
    return new Server(child);
  }

  async ask(question: Question): Promise<Answer> {
    this.child.send(question);
    const [answer] = (await once(this.child, 'message')) as [Answer];
    return answer;
  }

  async stop(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }
}

function content(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull: (controller) => {
      const chunk = CHUNK.subarray(0, Math.min(CHUNK.length, left));
      left -= chunk.length;
      if (chunk.length > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

async function countOf(url: string): Promise<number> {
  const { body } = await fetch(url);
  let count = 0;
  for await (const chunk of body ?? []) count += (chunk as Uint8Array).length;
  return count;
}

/** One file through all steps; what each step took more. */
async function through(server: Server, sizeBytes: number): Promise<Record<string, number>> {
  const { url = '', headers = {} } = await server.ask({ what: 'grant', sizeBytes });
  // Of S3's own server this is no step of ours.
  const put = await fetch(url, { method: 'PUT', headers, body: content(sizeBytes), duplex: 'half' } as RequestInit);
  if (!put.ok) throw new Error(`PUT was answered with ${String(put.status)}: ${await put.text()}`);
  const received = await server.ask({ what: 'peak' });
  const taken = await server.ask({ what: 'take' });
  const count = await countOf(taken.url ?? '');
  const served = await server.ask({ what: 'peak' });
  if (count !== sizeBytes) throw new Error(`${String(sizeBytes)} bytes went in, and ${String(count)} came out`);
  return { received: received.moreBytes ?? 0, 'looked at and kept': taken.moreBytes ?? 0, served: served.moreBytes ?? 0 };
}

async function measure(setting: Setting): Promise<void> {
  const { place, collects } = setting;
  const folder = mkdtempSync(join(tmpdir(), 'stockroom-check-'));
  const s3 = place === 'S3' ? await startS3rver(join(folder, 's3')) : undefined;
  const server = await Server.start(setting, folder, s3);
  try {
    await through(server, WARM_UP_BYTES);
    for (const which of ['first', 'next']) {
      const steps = await through(server, FILE_BYTES);
      report(setting, which, steps);
      if (collects && Object.values(steps).some((more) => more >= MOST_MORE_BYTES)) process.exitCode = 1;
    }
  } finally {
    await server.stop();
    await s3?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report({ place, collects }: Setting, which: string, steps: Record<string, number>): void {
  for (const [step, more] of Object.entries(steps)) {
    // Of S3's own server the others are no steps of ours.
    if (place === 'S3' && step !== 'looked at and kept') continue;
    console.log(
      `${place.padEnd(4)} ${which.padEnd(5)} ${mb(FILE_BYTES)} ${step.padEnd(18)} ${mb(more)} more${collects ? '' : ', garbage included'}`,
    );
  }
}

function mb(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1).padStart(5)} MB`;
}

for (const collects of [false, true]) {
  for (const place of ['disk', 'S3'] as const) await measure({ place, collects });
}
