import { DomainError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { quantity } from '../../kernel/quantity.js';
import { normalizeCode, type Actor, type Location, type ScanMode } from '../access/index.js';
import type { Barcode } from '../catalog/index.js';
import type { MoveAct } from '../stock/index.js';
import type { CodeReading, ReadCode } from './codes/parse-code.js';
import type { ParkedScan } from './parked-scan.entity.js';
import { quantityFault, scanQuantity } from './scan-quantity.js';
import { actKeyOf, beepKey, scanKeyReused, type Beep } from './scan.js';

/** What a batch is planned by. `parked`: the scans of it that are or were parked, by beepKey. */
export interface ScanBearings {
  readonly actor: Actor;
  readonly barcodes: ReadonlyMap<string, Barcode>;
  readonly locations: readonly Location[];
  /** Where a scan goes that names no location, if that can be told. */
  readonly fallback: Location | undefined;
  readonly parked: ReadonlyMap<string, ParkedScan>;
}

interface Planned {
  readonly beep: Beep;
  readonly reading: CodeReading;
  readonly barcode: Barcode | undefined;
  readonly parked: ParkedScan | undefined;
  readonly location: Location | undefined;
}

/** What is to become of a scan, unless its id turns out to have been used. `parked`: its row, where it is or was parked. */
export type ScanPlan =
  | (Planned & { readonly intent: 'MOVE'; readonly barcode: Barcode; readonly act: MoveAct })
  | (Planned & { readonly intent: 'LOOKUP' })
  | (Planned & { readonly intent: 'PARK'; readonly normalized: string; readonly mode: ScanMode; readonly location: Location })
  | (Planned & { readonly intent: 'REFUSE'; readonly refusal: DomainError });

const KIND_OF_MODE = { ISSUE: 'ISSUE', SALE: 'SALE', RECEIVE: 'RECEIPT', COUNT: 'COUNT' } as const satisfies Record<
  Exclude<ScanMode, 'LOOKUP'>,
  MoveAct['kind']
>;

export function planScan(beep: Beep, reading: CodeReading, bearings: ScanBearings): ScanPlan {
  const parked = bearings.parked.get(beepKey(beep.device, beep.id));
  const barcode = reading.ok ? match(reading, bearings.barcodes) : undefined;
  const mode = parked?.mode ?? beep.mode ?? bearings.actor.mode;
  const location = locate(beep, parked, bearings);
  const planned = { beep, reading, barcode, parked, location: location instanceof DomainError ? undefined : location };
  const refuse = (refusal: DomainError): ScanPlan => ({ ...planned, intent: 'REFUSE', refusal });
  if (beep.fault) return refuse(beep.fault);
  if (parked && !beep.inputHash.equals(parked.inputHash)) return refuse(scanKeyReused());
  if (!reading.ok) return refuse(new InvalidError(reading.message, ['code']));
  if (!mode) return refuse(new InvalidError(`Say what the scan does: LOOKUP, RECEIVE, ISSUE, SALE or COUNT.`, ['mode']));
  if (location instanceof DomainError) return refuse(location);
  const wasLookedUp = parked?.resolvedAt && mode === 'LOOKUP';
  if (!barcode && !wasLookedUp) return planUnknown(planned, reading, mode, location);
  if (mode === 'LOOKUP' || !barcode) return { ...planned, intent: 'LOOKUP' };
  const amount = scanQuantity(reading, barcode, { mode, own: beep.quantity });
  if (amount instanceof DomainError) return refuse(amount);
  const act: MoveAct = {
    type: 'MOVE',
    kind: KIND_OF_MODE[mode],
    key: actKeyOf(beep),
    item: { id: barcode.stockItem.id },
    location: { id: location.id },
    quantity: amount,
    occurredAt: parked?.scannedAt ?? beep.scannedAt,
  };
  return { ...planned, intent: 'MOVE', barcode, act };
}

/** Of the scans of one batch that share an id, one that is to be parked claims it: another one behind it is refused. */
export function withoutRivals(plans: readonly ScanPlan[]): ScanPlan[] {
  const claims = new Map<string, Buffer>();
  return plans.map((plan) => {
    const { device, id, inputHash } = plan.beep;
    const key = beepKey(device, id);
    const claim = claims.get(key);
    if (claim && !claim.equals(inputHash)) return { ...plan, intent: 'REFUSE', refusal: scanKeyReused() };
    if (plan.intent === 'PARK') claims.set(key, inputHash);
    return plan;
  });
}

/**
 * An act that is refused in any case, but only after its key was looked for: it tells whether the scan was done before, and what it did
 * then, or whether its id was used for another one.
 */
export function probeAct(beep: Beep): MoveAct {
  return { type: 'MOVE', kind: 'RECEIPT', key: actKeyOf(beep), item: { id: undefined }, quantity: quantity(1) };
}

function planUnknown(planned: Planned, reading: ReadCode, mode: ScanMode, location: Location): ScanPlan {
  const refusal = reading.unresolvedRejection
    ? new InvalidError(reading.unresolvedRejection.message, ['code'])
    : quantityFault(reading, mode, planned.beep.quantity);
  if (refusal) return { ...planned, intent: 'REFUSE', refusal };
  return { ...planned, intent: 'PARK', normalized: reading.key, mode, location };
}

function match(reading: ReadCode, barcodes: ReadonlyMap<string, Barcode>): Barcode | undefined {
  return reading.candidates.map((candidate) => barcodes.get(candidate)).find((barcode) => barcode !== undefined);
}

function locate(beep: Beep, parked: ParkedScan | undefined, { locations, fallback }: ScanBearings): Location | DomainError {
  const named = parked ? { id: parked.location.id } : beep.location;
  if (!named)
    return inUse(fallback) ?? new InvalidError('The shop has several locations: name the one that is meant.', ['location']);
  const code = 'code' in named && named.code !== undefined ? normalizeCode(named.code) : undefined;
  const found = locations.find((location) => location.code === code) ?? locations.find(({ id }) => id === named.id);
  return inUse(found) ?? new NotFoundError('The shop has no such location.', ['location']);
}

function inUse(location: Location | undefined): Location | DomainError | undefined {
  if (!location?.archivedAt) return location;
  return new InvalidError(`${location.name} is archived: use another location.`, ['location']);
}
