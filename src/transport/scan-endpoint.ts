import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../kernel/errors.js';
import type { Limiter } from '../platform/limits/limiter.js';
import { processLimiter } from '../platform/limits/limits.js';
import { codeOfStatus, httpErrorOf, type HttpError } from './http-errors.js';
import { refuseOtherMethods } from './other-methods.js';
import { readScans, ScanBodyError } from './scan-body.js';
import type { ScanDoor } from './scan-door.js';
import { bringsPhoto, FORM_IN_PARTS, IMAGE_TYPES, readPhoto, verdictsOf } from './scan-photo.js';
import { refusalReply, verdictsReply, wantsJson, type ScanReply } from './scan-reply.js';
import type { RequestActor } from './request-context.js';
import { countStranger } from './strangers.js';

/** Requests, not scans. The burst lets a device send what it kept while it was offline, one by one as fast as it can. */
export const SCAN_REQUESTS_PER_SECOND = 50;
export const SCAN_BURST_REQUESTS = 500;
const MS_PER_S = 1_000;
const UNSUPPORTED = 415;
const UNAVAILABLE = 503;
const TOO_LARGE = 413;
/** When a photo that found no place may be sent again. */
const PHOTO_RETRY_SECONDS = 2;
const BYTES_PER_MB = 1_024 * 1_024;
const BEARER = /^Bearer +(\S+)$/i;

export interface ScanEndpointOptions {
  readonly imageLimitBytes: number;
  /** How often an address may come without a key that is let in. Left out: as often as it likes. */
  readonly strangers?: Limiter | undefined;
}

type ScanRoute = FastifyRequest<{ Params: { deviceKey?: string } }>;

/**
 * POST /scan with the device key as bearer, and POST /scan/{deviceKey} for devices that cannot send headers. Any content type is read as
 * text; scan-body.ts says what it makes of it. Images, and forms in parts that hold one, are photos of codes, of up to `imageLimitBytes`.
 */
export function scanEndpoint(door: ScanDoor, { imageLimitBytes, strangers }: ScanEndpointOptions) {
  return (app: FastifyInstance, _: object, done: () => void): void => {
    const limiter = processLimiter({
      name: 'scans',
      points: SCAN_REQUESTS_PER_SECOND,
      perMs: MS_PER_S,
      burst: SCAN_BURST_REQUESTS,
    });
    const tooLong = `The photo has more than ${String(Math.floor((imageLimitBytes / BYTES_PER_MB) * 10) / 10)} MB: send a smaller one`;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    for (const type of [IMAGE_TYPES, FORM_IN_PARTS]) {
      app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: imageLimitBytes }, (_request, body, parsed) => {
        parsed(null, body);
      });
    }
    app.setErrorHandler((error: Error, request, reply) => {
      const { status, code, message, retryAfterMs }: HttpError =
        error instanceof ScanBodyError ? bodyError(error) : httpErrorOf(error, request);
      const said = status === TOO_LARGE && bringsPhoto(request) && !(error instanceof ScanBodyError) ? tooLong : message;
      if (retryAfterMs !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfterMs / MS_PER_S)));
      // What is still on its way of a refused photo is not waited for.
      if (bringsPhoto(request) && !request.raw.complete) void reply.header('connection', 'close');
      if (status === UNAVAILABLE) void reply.header('retry-after', String(PHOTO_RETRY_SECONDS));
      return send(reply, refusalReply(status, code, said, wantsJson(request.headers.accept)));
    });
    const admit = async (request: ScanRoute): Promise<RequestActor> => {
      const actor = await authenticate(door, request);
      if (!actor) {
        await countStranger(strangers, request.ip);
        throw unknownKey(request);
      }
      await takeTurn(limiter, actor.actorId);
      return actor;
    };
    const admitted = new WeakMap<FastifyRequest, RequestActor>();
    // A photo is long: who sends it, and whether it is his turn, is asked before it is let in.
    const onRequest = async (request: ScanRoute): Promise<void> => {
      if (bringsPhoto(request)) admitted.set(request, await admit(request));
    };
    const handler = async (request: ScanRoute, reply: FastifyReply) => {
      const photographer = admitted.get(request);
      if (photographer) {
        const { image, said } = await readPhoto(request);
        const verdicts = verdictsOf(await door.submitPhoto(photographer, image, said));
        return send(reply, verdictsReply(verdicts, wantsJson(request.headers.accept)));
      }
      const actor = await admit(request);
      const body = typeof request.body === 'string' ? request.body : '';
      const verdicts = await door.submit(actor, readScans(request.headers['content-type'], body));
      return send(reply, verdictsReply(verdicts, wantsJson(request.headers.accept)));
    };
    for (const url of ['/scan', '/scan/:deviceKey']) {
      app.post(url, { onRequest }, handler);
      refuseOtherMethods(app, url, { allowed: ['POST'], hint: 'A scan is sent with POST' });
    }
    done();
  };
}

function bodyError({ status, message }: ScanBodyError) {
  const isOfHttp = status === UNSUPPORTED || status === UNAVAILABLE;
  return { status, message, code: isOfHttp ? codeOfStatus(status) : 'BAD_USER_INPUT' };
}

async function authenticate(door: ScanDoor, request: ScanRoute): Promise<RequestActor | undefined> {
  const secret = secretOf(request);
  return secret === undefined ? undefined : door.authenticate(secret);
}

function secretOf({ params, headers }: ScanRoute): string | undefined {
  return params.deviceKey ?? BEARER.exec(headers.authorization ?? '')?.[1];
}

function unknownKey(request: ScanRoute): RequestError {
  const hint =
    secretOf(request) === undefined
      ? 'No device key: send "Authorization: Bearer <key>" or POST /scan/<key>'
      : 'This device key is not valid';
  return new RequestError('UNAUTHENTICATED', hint);
}

async function takeTurn(limiter: Limiter, actorId: string): Promise<void> {
  const taken = await limiter.take(actorId);
  if (taken.ok) return;
  const seconds = Math.ceil(taken.retryAfterMs / MS_PER_S);
  throw new RequestError(
    'TOO_MANY_REQUESTS',
    `Too many requests from this key: try again in ${String(seconds)} s`,
    taken.retryAfterMs,
  );
}

function send(reply: FastifyReply, { status, contentType, body }: ScanReply): FastifyReply {
  return reply.code(status).type(contentType).send(body);
}
