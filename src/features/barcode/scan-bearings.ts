import type { AccessReader, Actor, Location } from '../access/index.js';
import type { Barcode, CatalogReader } from '../catalog/index.js';
import type { CodeReading } from './codes/parse-code.js';
import type { ScanBearings } from './scan-plan.js';
import type { ScanReaders } from './scan-readers.js';
import type { Beep } from './scan.js';

/** A batch of which no more is known than what its codes say, and which of its scans are or were parked. */
interface ReadScans {
  readonly beeps: readonly Beep[];
  readonly readings: readonly CodeReading[];
  readonly parked: ScanBearings['parked'];
}

/**
 * Looks up all that the scans name. How often it asks does not depend on how many there are. One question after the other: the first that
 * the cache is asked brings with it what the next ones would have to ask as well, namely whether what is cached of the shop is current.
 */
export async function findBearings(actor: Actor, scans: ReadScans, { access, catalog }: ScanReaders): Promise<ScanBearings> {
  const barcodes = await findBarcodes(scans.readings, catalog);
  const locations = await findLocations(actor, scans, access);
  const bound = locations.find(({ id }) => id === actor.locationId);
  const needsOnly = !bound && scans.beeps.some(({ location }) => !location);
  return { actor, barcodes, locations, fallback: needsOnly ? await access.onlyLocation() : bound, parked: scans.parked };
}

/** What the codes may mean: barcodes with their items, by stored value. */
export async function findBarcodes(readings: readonly CodeReading[], catalog: CatalogReader): Promise<Map<string, Barcode>> {
  const values = new Set(readings.flatMap((reading) => (reading.ok ? reading.candidates : [])));
  const found = await Promise.all([...values].map((value) => catalog.storedBarcode(value)));
  return new Map(found.flatMap((barcode) => (barcode ? [[barcode.normalized, barcode] as const] : [])));
}

/** Those that the scans, those of them that were parked, and the actor's key name; archived ones too. */
async function findLocations(actor: Actor, { beeps, parked }: ReadScans, access: AccessReader): Promise<Location[]> {
  const choices = beeps.flatMap(({ location }) => location ?? []);
  const kept = [...parked.values()].map(({ location }) => location.id);
  const ids = new Set([...choices.flatMap(({ id }) => id ?? []), ...kept, ...(actor.locationId ? [actor.locationId] : [])]);
  const codes = new Set(choices.flatMap(({ code }) => code ?? []));
  const found = await Promise.all([
    ...[...ids].map((id) => access.location(id)),
    ...[...codes].map((code) => access.locationByCode(code)),
  ]);
  return found.filter((location) => location !== undefined);
}
