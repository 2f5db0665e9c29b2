/** Cameras write one scan, programs about ten; what has more is made to keep whoever opens it busy. */
export const MAX_SCANS = 64;
/** Each scan goes over all pixels: 50 megapixels in twenty scans, which takes seconds. */
export const MAX_SCANNED_PIXELS = 1_000_000_000;

const MARK = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const STUFFED = 0x00;
/** Of a segment: its length, of which the length itself is a part, in two bytes behind the marker. */
const MARKER_BYTES = 2;
const MIN_SEGMENT_BYTES = 2;
/** In a frame's segment, from the marker: its length, its precision, its height and its width. */
const HEIGHT_AT = 5;
const WIDTH_AT = 7;

/**
 * Whether a JPEG asks for more work than a photo does: its decoder goes over all pixels once for each scan, a scan has but few bytes, and nothing stops the
 * decoder once it has begun. So this is asked before. What is no JPEG asks for no more than its pixels do.
 */
export function hasTooManyScans(image: Uint8Array): boolean {
  if (image[0] !== MARK || image[1] !== START_OF_IMAGE) return false;
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  let [scans, pixels] = [0, 0];
  for (const { marker, at } of segmentsOf(bytes)) {
    if (isFrame(marker) && at + WIDTH_AT + 2 <= bytes.length) {
      pixels = Math.max(pixels, bytes.readUInt16BE(at + HEIGHT_AT) * bytes.readUInt16BE(at + WIDTH_AT));
    }
    if (marker === START_OF_SCAN) scans += 1;
    if (scans > MAX_SCANS || scans * pixels > MAX_SCANNED_PIXELS) return true;
  }
  return false;
}

/**
 * The markers that decoders act on, up to the end of the image: what is skipped is only what every decoder skips as a segment. Between segments and in a scan
 * whatever stands behind FF is a marker, unless it is another FF or the 00 that says that the FF is data.
 */
function* segmentsOf(bytes: Buffer): Generator<{ marker: number; at: number }> {
  let at = MARKER_BYTES;
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1] ?? STUFFED;
    if (bytes[at] !== MARK || marker === MARK || marker === STUFFED) {
      at += 1;
      continue;
    }
    yield { marker, at };
    if (marker === END_OF_IMAGE) return;
    at += MARKER_BYTES;
    if (hasLength(marker) && at + 1 < bytes.length) at += Math.max(MIN_SEGMENT_BYTES, bytes.readUInt16BE(at));
  }
}

/** SOF0 to SOF15, without the tables that are numbered among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Frames, tables, scans, applications' segments and comments. What is none of them ends a decoder, or is passed over byte by byte. */
function hasLength(marker: number): boolean {
  const isTable = marker >= START_OF_SCAN && marker <= 0xdd;
  return (marker >= 0xc0 && marker <= 0xcf) || isTable || (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}
