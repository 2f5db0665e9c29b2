/**
 * Reads every photo of SCAN_SAMPLES/barcode-images and prints how many were read right, beside what zxing-wasm reads by itself: one look at each, with
 * everything on that finds more. Fails where fewer than 95 % of those are read, or a photo broke the reader.
 */
import { lookAt } from '../../src/adapters/decode/engine.js';
import { openImage } from '../../src/adapters/decode/gray-image.js';
import { ImageCodeReader } from '../../src/adapters/decode/image-code-reader.js';
import { createLogger } from '../../src/platform/log.js';
import { hasSamples, isRight, readSamples, type Sample } from './decode/samples.js';

const LEAST_SHARE = 0.95;
const TIMEOUT_MS = 20_000;

/** ok: what the sample says is among what was read. misread: so is something else. */
interface Look {
  readonly ok: boolean;
  readonly misread: readonly string[];
  readonly fault: string | undefined;
  readonly ms: number;
}
type Read = (image: Uint8Array) => Promise<{ text: string; symbology: string }[]>;

async function look(sample: Sample, read: Read): Promise<Look> {
  const start = performance.now();
  try {
    const codes = await read(sample.image);
    const ms = performance.now() - start;
    const misread = codes.filter((code) => !isRight(sample, code)).map(({ text }) => text);
    return { ok: codes.some((code) => isRight(sample, code)), misread, fault: undefined, ms };
  } catch (error) {
    return { ok: false, misread: [], fault: String(error), ms: performance.now() - start };
  }
}

const reader = new ImageCodeReader({ threads: 1, timeoutMs: TIMEOUT_MS, log: createLogger({ level: 'silent' }) });
const readers: Readonly<Record<string, Read>> = {
  server: (image) => reader.read(image),
  alone: async (image) => {
    const seen = await lookAt((await openImage(image)).image);
    return seen.map(({ text, symbologyIdentifier }) => ({ text, symbology: symbologyIdentifier }));
  },
};

function quantile(looks: readonly Look[], share: number): number {
  const times = looks.map(({ ms }) => ms).sort((one, other) => one - other);
  return Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
}

function report(samples: readonly Sample[], looks: ReadonlyMap<string, readonly Look[]>): Record<string, Record<string, number>> {
  const sets = [...new Set(samples.map(({ set }) => set)), 'all'];
  const rowOf = (set: string): Record<string, number> => {
    const isOf = (_: unknown, place: number): boolean => set === 'all' || samples[place]?.set === set;
    const columns = [...looks].flatMap(([name, all]) => {
      const of = all.filter(isOf);
      return [
        [`${name} right`, of.filter(({ ok }) => ok).length],
        [`${name} misread`, of.filter(({ misread }) => misread.length > 0).length],
        [`${name} median ms`, quantile(of, 0.5)],
        [`${name} p95 ms`, quantile(of, 0.95)],
      ] as const;
    });
    return { photos: samples.filter(isOf).length, ...Object.fromEntries(columns) };
  };
  return Object.fromEntries(sets.map((set) => [set, rowOf(set)]));
}

async function main(): Promise<number> {
  if (!hasSamples()) {
    console.error('Set SCAN_SAMPLES to the folder that holds barcode-images.');
    return 1;
  }
  const samples = readSamples();
  const looks = new Map<string, Look[]>();
  for (const [name, read] of Object.entries(readers)) {
    // The first look starts what is started once.
    if (samples[0]) await look(samples[0], read);
    const all: Look[] = [];
    for (const sample of samples) all.push(await look(sample, read));
    looks.set(name, all);
  }
  await reader.close();
  console.table(report(samples, looks));
  for (const [name, all] of looks) {
    console.log(`\n${name}: not read, or read as something else`);
    for (const [place, { ok, misread, fault }] of all.entries()) {
      const sample = samples[place];
      if (sample && (!ok || misread.length > 0))
        console.log(`  ${sample.name}: ${sample.text}; read: ${fault ?? (misread.join(', ') || 'nothing')}`);
    }
  }
  const right = (name: string): number => (looks.get(name) ?? []).filter(({ ok }) => ok).length;
  const faults = (looks.get('server') ?? []).filter(({ fault }) => fault !== undefined).length;
  const enough = right('server') >= LEAST_SHARE * right('alone');
  console.log(
    `\n${String(right('server'))} of ${String(samples.length)} read, ${String(right('alone'))} by zxing-wasm alone; ${String(faults)} broke the reader`,
  );
  return enough && faults === 0 ? 0 : 1;
}

process.exitCode = await main();
