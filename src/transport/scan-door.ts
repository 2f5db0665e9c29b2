import type { RequestActor } from './request-context.js';

/** One beep as a device that knows no GraphQL sends it; texts are as they came. `location`: a location's code or global id. */
export interface ScanRequest {
  id?: string;
  code: string;
  mode?: string;
  quantity?: string;
  location?: string;
  seq?: number;
  /** RFC 3339, or seconds or milliseconds since 1970. */
  scannedAt?: string | number;
  /** What could not be read of it, in one sentence: it is refused for that. */
  fault?: string;
}

export interface ScanRefusal {
  code: string;
  message: string;
  path: string[];
}

/** `say`: one short line for a small screen. `json`: what a client gets that asks for JSON. */
export interface ScanVerdict {
  id: string;
  outcome: 'APPLIED' | 'REPLAYED' | 'PARKED' | 'REJECTED';
  say: string;
  refusals: ScanRefusal[];
  json: unknown;
}

/** What is said of a photo; the codes are in it. */
export type PhotoScanRequest = Omit<ScanRequest, 'code'>;

/** Why a photo was not scanned. BUSY passes by itself. */
export type PhotoRefusal = 'NO_CODE' | 'NOT_AN_IMAGE' | 'DAMAGED' | 'TOO_LARGE' | 'TOO_SLOW' | 'BUSY';
export type PhotoVerdict =
  | { readonly ok: true; readonly verdicts: ScanVerdict[] }
  | { readonly ok: false; readonly refusal: PhotoRefusal; readonly message: string };

/** What the scan endpoint needs from the shop's side; it gives one verdict for each scan, in their order. */
export interface ScanDoor<A extends RequestActor = RequestActor> {
  authenticate(secret: string): Promise<A | undefined>;
  submit(actor: A, scans: ScanRequest[]): Promise<ScanVerdict[]>;
  /** A verdict for each code in the photo. */
  submitPhoto(actor: A, image: Uint8Array, said: PhotoScanRequest): Promise<PhotoVerdict>;
}
