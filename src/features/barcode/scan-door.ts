import { idOf, toGlobalId } from '../../graphql/global-id.js';
import { parseInstant } from '../../graphql/instant.js';
import { InvalidError, RequestError, type DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { formatQuantity, parseQuantity } from '../../kernel/quantity.js';
import { inShop } from '../../platform/tenancy.js';
import { allows, SCAN_MODES, type Actor, type ApiKeyAuthenticator, type ScanMode } from '../access/index.js';
import { CodeReaderError, type CodeReaderRefusal } from './code-reader.port.js';
import { NO_CODE_FOUND, photoScanId, type PhotoService } from './photo.service.js';
import type { ScanVerdict } from './scan-verdict.js';
import type { ScanRequest } from './scan.js';
import type { ScanService } from './scan.service.js';

/** One beep as a device sends it that knows no GraphQL; texts are as they came. */
export interface TextScan {
  readonly id?: string;
  readonly code: string;
  readonly mode?: string;
  readonly quantity?: string;
  /** A location's code or global id. */
  readonly location?: string;
  readonly seq?: number;
  /** RFC 3339, or seconds or milliseconds since 1970. */
  readonly scannedAt?: string | number;
  /** What could not be read of it, in one sentence. */
  readonly fault?: string;
}

export interface TextScanVerdict {
  readonly id: string;
  readonly outcome: ScanVerdict['outcome'];
  readonly say: string;
  readonly refusals: { code: string; message: string; path: string[] }[];
  readonly json: unknown;
}

/** What is said of a photo by whoever sends it; the codes are in it. */
export type PhotoScan = Omit<TextScan, 'code'>;

/** NO_CODE: nothing that could be read was in the photo. */
export type PhotoVerdict =
  | { readonly ok: true; readonly verdicts: TextScanVerdict[] }
  | { readonly ok: false; readonly refusal: CodeReaderRefusal | 'NO_CODE'; readonly message: string };

/** In seconds this would be in the year 5138; in milliseconds it was in 1973. */
const FIRST_IN_MILLISECONDS = 1e11;
const MS_PER_SECOND = 1000;
const EPOCH_TIME = /^\d{1,15}(\.\d{1,9})?$/;

export interface ScanDoorParts {
  readonly scans: ScanService;
  readonly photos: Pick<PhotoService, 'codesToScan'>;
  readonly authenticator: Pick<ApiKeyAuthenticator, 'authenticate'>;
}

/**
 * The way in for devices that know no GraphQL: a scan endpoint shows the secret, hands in the scans and sends the verdicts back. A scan
 * without an id gets one: two of the same code are two beeps. The device is the API key.
 */
export function scanDoor({ scans, photos, authenticator }: ScanDoorParts) {
  const submit = async (actor: Actor, requests: readonly TextScan[]): Promise<TextScanVerdict[]> => {
    mustScan(actor);
    const scanned = { device: actor.actorId, scans: requests.map(readTextScan) };
    const { results } = await inShop(actor.shopId, () => scans.submit(actor, scanned));
    return results.map(textVerdict);
  };
  return {
    authenticate: (secret: string): Promise<Actor | undefined> => authenticator.authenticate(secret),

    /** One verdict for each, in their order. Refuses (FORBIDDEN) a key that may not scan, and what ScanService.submit refuses. */
    submit,

    /**
     * A scan of each code in the photo, with what is said of it; a verdict for each. Their ids are made of the given one and the code, so that a photo that
     * is sent again moves nothing again. Refuses as `submit` does, a key that may not scan before the photo is looked at.
     */
    async submitPhoto(actor: Actor, image: Uint8Array, said: PhotoScan): Promise<PhotoVerdict> {
      mustScan(actor);
      try {
        const codes = await inShop(actor.shopId, () => photos.codesToScan(actor, image));
        if (codes.length === 0) return { ok: false, refusal: 'NO_CODE', message: NO_CODE_FOUND };
        const { id } = said;
        const requests = codes.map((code) => ({ ...said, code, ...(id !== undefined && { id: photoScanId(id, code) }) }));
        return { ok: true, verdicts: await submit(actor, requests) };
      } catch (error) {
        if (!(error instanceof CodeReaderError)) throw error;
        return { ok: false, refusal: error.refusal, message: error.message };
      }
    },
  };
}

function mustScan(actor: Actor): void {
  if (!allows(actor, 'scan')) throw new RequestError('FORBIDDEN', 'This key may not scan; use a device key.');
}

function textVerdict(verdict: ScanVerdict): TextScanVerdict {
  const { id, outcome, say } = verdict;
  const refusals = verdict.refusals.map(({ code, message, path }) => ({ code, message, path: [...path] }));
  return { id, outcome, say, refusals, json: { ...jsonOf(verdict), userErrors: refusals } };
}

/** Texts as values; the first that is none becomes the scan's fault. */
export function readTextScan(scan: TextScan): ScanRequest {
  const mode = readField(scan.mode, modeOf, ['mode', `must be one of ${SCAN_MODES.join(', ')}.`]);
  const quantity = readField(scan.quantity, parseQuantity, [
    'quantity',
    'must be a number like 2 or 1.5, with at most 6 fraction digits.',
  ]);
  const scannedAt = readField(scan.scannedAt, instantOf, [
    'scannedAt',
    'must be RFC 3339, or seconds or milliseconds since 1970.',
  ]);
  const { location: sent } = scan;
  return {
    id: scan.id ?? newId(),
    code: scan.code,
    seq: scan.seq,
    mode: mode.value,
    quantity: quantity.value,
    location: sent === undefined ? undefined : { sent, id: idOf('Location', sent), code: sent },
    scannedAt: scannedAt.value,
    fault: scan.fault === undefined ? (mode.fault ?? quantity.fault ?? scannedAt.fault) : new InvalidError(scan.fault),
  };
}

function readField<Sent, Value>(
  sent: Sent | undefined,
  read: (sent: Sent) => Value | undefined,
  [field, rule]: readonly [string, string],
): { value?: Value; fault?: DomainError } {
  if (sent === undefined) return {};
  const value = read(sent);
  return value === undefined ? { fault: new InvalidError(`${field} ${rule}`, [field]) } : { value };
}

function modeOf(text: string): ScanMode | undefined {
  return SCAN_MODES.find((mode) => mode === text.trim().toUpperCase());
}

function instantOf(sent: string | number): Date | undefined {
  const text = String(sent).trim();
  if (!EPOCH_TIME.test(text)) return parseInstant(text);
  const time = Number(text);
  const instant = new Date(time >= FIRST_IN_MILLISECONDS ? time : time * MS_PER_SECOND);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** The verdict under the names of the GraphQL type ScanResult, without what a device does not need. */
function jsonOf({ id, outcome, say, stockItem, level, movement, parsed }: ScanVerdict): object {
  return {
    id,
    outcome,
    say,
    stockItem: stockItem
      ? { id: toGlobalId('StockItem', stockItem.id), sku: stockItem.sku, name: stockItem.name, unit: stockItem.unit }
      : null,
    level: level ? { id: toGlobalId('StockLevel', level.id), onHand: formatQuantity(level.onHand) } : null,
    movement: movement
      ? {
          id: toGlobalId('StockMovement', movement.id),
          kind: movement.kind,
          quantity: formatQuantity(movement.quantity),
          balanceAfter: formatQuantity(movement.balanceAfter),
        }
      : null,
    parsed: parsed ?? null,
  };
}
