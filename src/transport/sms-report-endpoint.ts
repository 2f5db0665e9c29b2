import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { RequestError } from '../kernel/errors.js';
import { refuseOtherMethods } from './other-methods.js';

/** A provider's word on messages that it took, as it came. */
export interface SmsReport {
  readonly contentType: string;
  readonly body: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface SmsReportDoor {
  /** What the address ends with, and nobody else knows. */
  readonly token: string;
  /** How many messages it was about; undefined: it is no report. */
  readonly take: (report: SmsReport) => Promise<number | undefined>;
}

const REPORT_PATH = '/sms/reports/:token';
const MAX_BODY_BYTES = 65_536;

type ReportRoute = FastifyRequest<{ Params: { token: string }; Querystring: Record<string, unknown> }>;

/** POST (or GET) /sms/reports/{SMS_REPORT_TOKEN}: where SMS providers say what became of a message. */
export function smsReportEndpoint({ token, take }: SmsReportDoor) {
  const expected = digestOf(token);
  return (app: FastifyInstance, _: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_request, body, parsed) => {
      parsed(null, body);
    });
    const handler = async ({ params, headers, body, query }: ReportRoute): Promise<object> => {
      // Digests have one length, and how long their comparison takes says nothing of the token.
      if (!timingSafeEqual(digestOf(params.token), expected)) {
        throw new RequestError('UNAUTHENTICATED', 'Reports are sent to the address that ends with SMS_REPORT_TOKEN.');
      }
      const texts = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
      const report = {
        contentType: headers['content-type'] ?? '',
        body: typeof body === 'string' ? body : '',
        query: Object.fromEntries(texts),
      };
      const recorded = await take(report);
      if (recorded === undefined)
        throw new RequestError('BAD_USER_INPUT', 'This is no report of the SMS provider that is set up.');
      return { recorded };
    };
    app.get(REPORT_PATH, handler);
    app.post(REPORT_PATH, handler);
    refuseOtherMethods(app, REPORT_PATH, { allowed: ['GET', 'POST'], hint: 'A report is sent with POST' });
    done();
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
