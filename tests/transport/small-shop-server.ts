import { loadConfig } from '../../src/config/config.js';
import { newSecret } from '../../src/features/access/api-key-secret.js';
import { permissionsOf, type Role } from '../../src/features/access/index.js';
import { RequestError } from '../../src/kernel/errors.js';
import { createLogger } from '../../src/platform/log.js';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../src/transport/http-server.js';
import type {
  PhotoRefusal,
  PhotoScanRequest,
  PhotoVerdict,
  ScanDoor,
  ScanRequest,
  ScanVerdict,
} from '../../src/transport/scan-door.js';
import { smallSchema } from './small-shop.js';

export const KEYS = { owner: newSecret(), reader: newSecret(), device: newSecret() } as const;
/** The defaults, on any free port. */
export const HTTP = loadConfig({ PORT: '0' }).http;
const actor = (actorId: string, role: Role) => ({ actorId, shopId: 's', role, permissions: permissionsOf(role) });
const ACTORS = new Map([
  [KEYS.owner, actor('k1', 'OWNER')],
  [KEYS.reader, actor('k2', 'READER')],
  [KEYS.device, actor('k3', 'DEVICE')],
]);

/**
 * Applies every scan, but parks `unknown`, rejects `bad`, calls `reused` a reused key, and breaks on `boom`. A photo's bytes are its codes, one a line, or
 * `!` and why it is refused.
 */
export class FakeDoor implements ScanDoor {
  readonly submitted: ScanRequest[][] = [];

  authenticate(secret: string) {
    return Promise.resolve(ACTORS.get(secret));
  }

  submit(_: unknown, scans: ScanRequest[]): Promise<ScanVerdict[]> {
    this.submitted.push(scans);
    return Promise.resolve(scans.map(verdictOf));
  }

  async submitPhoto(actor: unknown, image: Uint8Array, said: PhotoScanRequest): Promise<PhotoVerdict> {
    const text = Buffer.from(image).toString();
    if (text.startsWith('!')) return { ok: false, refusal: text.slice(1) as PhotoRefusal, message: 'Not this one: take another' };
    return {
      ok: true,
      verdicts: await this.submit(
        actor,
        text.split('\n').map((code) => ({ ...said, code })),
      ),
    };
  }
}

function verdictOf(scan: ScanRequest, index: number): ScanVerdict {
  if (scan.code === 'boom') throw new Error('secret of the database');
  const id = scan.id ?? `scan-${String(index)}`;
  const refuse = (code: string) => ({
    id,
    outcome: 'REJECTED' as const,
    say: 'no\nsuch',
    refusals: [{ code, message: 'no', path: [] }],
    json: { id },
  });
  if (scan.code === 'bad') return refuse('INVALID');
  if (scan.code === 'reused') return refuse('KEY_REUSED');
  const outcome = scan.code === 'unknown' ? 'PARKED' : scan.code === 'again' ? 'REPLAYED' : 'APPLIED';
  return { id, outcome, say: `${scan.code}: 11 left`, refusals: [], json: { id, outcome } };
}

export interface SmallShop {
  server: HttpServer;
  door: FakeDoor;
  /** Everything that was logged so far. */
  logs: () => string;
}

export async function startSmallShop(options: Partial<HttpServerOptions> = {}): Promise<SmallShop> {
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } });
  const door = new FakeDoor();
  const server = await createHttpServer({
    schema: smallSchema(),
    contextFor: ({ authorization, requestId, log: requestLog }) => {
      const actor = ACTORS.get(authorization?.replace('Bearer ', '') ?? '');
      if (authorization !== undefined && !actor) throw new RequestError('UNAUTHENTICATED', 'This key is not valid.');
      return Promise.resolve({ requestId, log: requestLog, actor });
    },
    scanDoor: door,
    ready: () => Promise.resolve(true),
    log,
    http: HTTP,
    playground: { enabled: true },
    ...options,
  });
  return { server, door, logs: () => lines.join('') };
}
