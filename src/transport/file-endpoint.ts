import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { FileDoor, FileRequest } from './file-door.js';
import { refuseOtherMethods } from './other-methods.js';

const FILE_PATH = '/files/*';
const CREATED = 201;
const UNAVAILABLE = 503;
/** A file is longer on its way than a question is: at least 30 s without a byte, and ten minutes in all. */
const STALLED_AFTER_MS = 30_000;
export const UPLOAD_TIMEOUT_MS = 600_000;
/** Whatever a file holds, a browser runs nothing of it, in no frame, and guesses no other type. */
const HARMLESS = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // The URL is the permission, and pages of other origins show photos.
  'cross-origin-resource-policy': 'cross-origin',
} as const;

type Refusal = Error & { readonly statusCode?: number; readonly retryAfterSeconds?: number };

/** The limits for a file that comes in; more than a request may have otherwise. */
export interface FileEndpointOptions {
  readonly stalledAfterMs?: number;
}

/**
 * PUT and GET /files/{key}?…: URLs that the store of files has signed, each for one object. No API key is asked for: the URL is the permission. Bytes
 * are handed on as they come, in both directions.
 */
export function fileEndpoint(door: FileDoor, { stalledAfterMs = STALLED_AFTER_MS }: FileEndpointOptions = {}) {
  return (app: FastifyInstance, _: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, body, parsed) => {
      parsed(null, body);
    });
    // The store knows how much this URL takes; the limit of other requests' bodies is none of a file's.
    app.put(
      FILE_PATH,
      { bodyLimit: Number.MAX_SAFE_INTEGER, config: { timeoutMs: UPLOAD_TIMEOUT_MS } },
      async (request, reply) => {
        request.raw.setTimeout(stalledAfterMs, () => {
          request.raw.destroy();
        });
        try {
          await door.receive(fileRequestOf(request));
        } catch (error) {
          if (request.raw.errored || (request.raw.destroyed && !request.raw.complete)) return goneAway(request, reply, error);
          letGo(request, reply);
          const { statusCode, message, retryAfterSeconds } = error as Refusal;
          if (statusCode !== UNAVAILABLE) throw error;
          if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
          return reply
            .code(UNAVAILABLE)
            .send({ errors: [{ message, extensions: { code: 'UNAVAILABLE', requestId: request.id } }] });
        }
        return reply.code(CREATED).send();
      },
    );
    app.get(FILE_PATH, async (request, reply) => {
      const file = await door.serve(fileRequestOf(request));
      return reply
        .headers({ ...HARMLESS, 'cache-control': `private, max-age=${String(file.maxAgeSeconds)}, immutable` })
        .header('content-disposition', file.disposition)
        .header('content-length', file.sizeBytes)
        .type(file.contentType)
        .send(file.body);
    });
    refuseOtherMethods(app, FILE_PATH, { allowed: ['GET', 'PUT'], hint: 'A file is put with PUT and read with GET' });
    done();
  };
}

/** The client has ended it: nobody reads an answer, and nothing failed here. */
function goneAway({ log }: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  log.debug({ err: error }, 'an upload was broken off');
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

/** What is still on its way of a refused file is not waited for. */
function letGo({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete) return;
  void reply.header('connection', 'close');
  reply.raw.once('finish', () => raw.destroy());
}

function fileRequestOf({ params, query, headers, body }: FastifyRequest): FileRequest {
  const length = headers['content-length'];
  return {
    key: (params as { '*': string })['*'],
    parameters: textsOf(query as Record<string, unknown>),
    contentType: headers['content-type'],
    contentLength: length === undefined ? undefined : Number(length),
    body: (body as Readable | undefined) ?? NOTHING,
  };
}

const NOTHING: AsyncIterable<Buffer> = {
  // eslint-disable-next-line @typescript-eslint/require-await
  [Symbol.asyncIterator]: async function* () {
    yield* [];
  },
};

/** A name that is written twice is no text, and not what was signed. */
function textsOf(query: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
