import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Limiter } from '../platform/limits/limiter.js';
import { refuseOtherMethods } from './other-methods.js';
import { countStranger } from './strangers.js';

/** Pages for the holder of a link; undefined for what is no link of ours. */
export interface UnsubscribeDoor {
  ask(token: string): Promise<string | undefined>;
  stop(token: string): Promise<string | undefined>;
}

const UNSUBSCRIBE_PATH = '/unsubscribe/:token';
const NOT_FOUND = 404;
const MAX_BODY_BYTES = 4_096;
const UNKNOWN_PAGE =
  '<!doctype html>\n<html lang="en"><title>Unknown link</title><p>This link is not valid (any more).</p></html>\n';
/** Nothing is loaded, no script runs, and the form goes nowhere else. */
const POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

type Link = FastifyRequest<{ Params: { token: string } }>;

/**
 * GET /unsubscribe/{token} asks and changes nothing, since programs follow links; POST stops the e-mails, from the page's button and from mail
 * programs (RFC 8058) alike, whatever body it has. Nobody logs in: the token says who it is. Who comes with
 * tokens that are none is counted among `strangers`.
 */
export function unsubscribeEndpoint(door: UnsubscribeDoor, strangers?: Limiter) {
  return (app: FastifyInstance, _: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_request, body, parsed) => {
      parsed(null, body);
    });
    const answer = async (act: 'ask' | 'stop', { params, ip }: Link, reply: FastifyReply): Promise<FastifyReply> => {
      const page = await door[act](params.token);
      if (page === undefined) await countStranger(strangers, ip);
      return send(reply, page);
    };
    app.get(UNSUBSCRIBE_PATH, (request: Link, reply) => answer('ask', request, reply));
    app.post(UNSUBSCRIBE_PATH, (request: Link, reply) => answer('stop', request, reply));
    refuseOtherMethods(app, UNSUBSCRIBE_PATH, {
      allowed: ['GET', 'POST'],
      hint: 'A link is opened with GET, and followed with POST',
    });
    done();
  };
}

function send(reply: FastifyReply, page: string | undefined): FastifyReply {
  void reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-store')
    // The address is the key: it is told to nobody.
    .header('referrer-policy', 'no-referrer');
  return page === undefined ? reply.code(NOT_FOUND).send(UNKNOWN_PAGE) : reply.send(page);
}
