import { createHash, createHmac } from 'node:crypto';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MS_PER_S = 1_000;

export interface S3Account {
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface PutUrl {
  /** http://host:port, as the client reaches it. */
  readonly origin: string;
  readonly bucket: string;
  /** Of letters, digits, "-" and "/": it is written in a URL as it is. */
  readonly key: string;
  readonly lifetimeSeconds: number;
  /** By their names in lower case. The server refuses a request that sends one of them with another value, or leaves it out. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A URL that takes one PUT with just these headers: AWS Signature Version 4 in the query, with the headers among what is signed. (The client library
 * signs no Content-Length and no Content-Type, and then the URL takes any amount of anything.)
 */
export function s3PutUrl({ region, accessKey, secretKey }: S3Account, put: PutUrl, now: Date): string {
  const instant = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const day = instant.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const signed = Object.entries({ ...put.headers, host: new URL(put.origin).host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const query = [
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${accessKey}/${scope}`],
    ['X-Amz-Date', instant],
    ['X-Amz-Expires', String(put.lifetimeSeconds)],
    ['X-Amz-SignedHeaders', names],
  ]
    .map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const path = `/${put.bucket}/${put.key}`;
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const request = ['PUT', path, query, lines, names, 'UNSIGNED-PAYLOAD'].join('\n');
  const toSign = [ALGORITHM, instant, scope, createHash('sha256').update(request).digest('hex')].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
  return `${put.origin}${path}?${query}&X-Amz-Signature=${hmac(key, toSign).toString('hex')}`;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** How long from now until then, in whole seconds, at the least one. */
export function secondsUntil(then: Date, now: Date): number {
  return Math.max(1, Math.floor((then.getTime() - now.getTime()) / MS_PER_S));
}
