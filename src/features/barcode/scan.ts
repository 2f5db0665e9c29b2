import { createHash } from 'node:crypto';
import { DomainError, InvalidError } from '../../kernel/errors.js';
import { formatQuantity, type Quantity } from '../../kernel/quantity.js';
import { isStorable, type ScanMode } from '../access/index.js';
import { MAX_KEY_LENGTH, type MoveAct } from '../stock/index.js';
import type { ParkedScan } from './parked-scan.entity.js';

export const MAX_SCAN_ID_LENGTH = 200;

/** A location as a device names it: by row id, by code, or by either where the text could be both. `sent` is what came. */
export interface LocationChoice {
  readonly sent: string;
  readonly id?: string | undefined;
  readonly code?: string | undefined;
}

/**
 * One beep as it is handed in. quantity counts packs; seq orders the scans of a batch. `fault`: what whoever read the request has already
 * found wrong with it.
 */
export interface ScanRequest {
  readonly id: string;
  readonly code: string;
  readonly mode?: ScanMode | undefined;
  readonly quantity?: Quantity | undefined;
  readonly location?: LocationChoice | undefined;
  readonly seq?: number | undefined;
  readonly scannedAt?: Date | undefined;
  readonly fault?: DomainError | undefined;
}

/** A scan of one device, ready to be judged: new, or held until its code was named. */
export interface Beep extends ScanRequest {
  readonly device: string;
  /** SHA-256 of what was sent, its time and place in the batch apart: tells a scan sent again from another one under its id. */
  readonly inputHash: Buffer;
}

/** `correct`: a time of the device's clock as the server's would have shown it. */
export function toBeep(request: ScanRequest, device: string, correct: (scannedAt: Date) => Date): Beep {
  const code = request.code.trim();
  const fault = request.fault ?? idFault(request.id);
  const scannedAt = request.scannedAt && correct(request.scannedAt);
  return { ...request, code, device, fault, scannedAt, inputHash: hashOf({ ...request, code }) };
}

/** Whether the scan's id can be looked for; one that cannot is refused at once. */
export function hasUsableId({ id }: Beep): boolean {
  return idFault(id) === undefined;
}

export function beepOfParked(parked: ParkedScan): Beep {
  return {
    device: parked.device,
    id: parked.scanId,
    code: parked.code,
    mode: parked.mode,
    quantity: parked.quantity ?? undefined,
    location: { sent: parked.location.id, id: parked.location.id },
    scannedAt: parked.scannedAt,
    inputHash: Buffer.from(parked.inputHash),
  };
}

/** One text for a device and its id of a scan. No two pairs share it, whatever characters they hold. */
export function beepKey(device: string, id: string): string {
  return JSON.stringify([device, id]);
}

/** The key under which the scan's movement is made, so that it is made once; a pair too long for a key is known by its hash. */
export function actKeyOf({ device, id }: Beep): MoveAct['key'] {
  const key = beepKey(device, id);
  if (key.length <= MAX_KEY_LENGTH) return { scope: 'SCAN', key };
  return { scope: 'SCAN', key: `sha256:${createHash('sha256').update(key).digest('hex')}` };
}

export function scanKeyReused(): DomainError {
  return new DomainError('KEY_REUSED', 'The device has used this id for another scan. Use a new id for a new scan.', ['id']);
}

function idFault(id: string): DomainError | undefined {
  if (id.trim() === '') return new InvalidError('Give each scan an id of its own, for instance a UUID.', ['id']);
  if (id.length > MAX_SCAN_ID_LENGTH) {
    return new InvalidError(`A scan's id has at most ${String(MAX_SCAN_ID_LENGTH)} characters.`, ['id']);
  }
  return isStorable(id) ? undefined : new InvalidError('The id has characters that cannot be stored.', ['id']);
}

function hashOf({ code, mode, quantity, location, fault }: ScanRequest): Buffer {
  const sent = [code, mode ?? null, quantity ? formatQuantity(quantity) : null, location?.sent ?? null, fault?.path ?? null];
  return createHash('sha256').update(JSON.stringify(sent)).digest();
}
