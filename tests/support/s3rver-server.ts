import S3rver from '@20minutes/s3rver';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { inject } from 'vitest';
import type { S3Server } from './s3-server.js';

/** s3rver knows this account only. */
const ACCOUNT = { accessKey: 'S3RVER', secretKey: 'S3RVER' };
const PRECONDITION_FAILED = 412;
const LENGTH_REQUIRED = 411;
const OK = 200;

/**
 * s3rver, a server that speaks S3 and checks signatures and what they cover, with its objects on the disk; before it a door that does what AWS, MinIO and
 * Ceph do and s3rver does not: half an object that breaks off never shows, and If-None-Match: * keeps what is there.
 */
export async function startS3rver(directory = join(inject('scratchDir'), `s3-${randomUUID()}`)): Promise<S3Server> {
  const inner = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, vhostBuckets: false });
  // The token that leads to the next page, which nobody here asks for, is made with a cipher that OpenSSL no longer has.
  const list = inner.store.listObjects.bind(inner.store);
  inner.store.listObjects = async (...args) => ({ ...(await list(...args)), isTruncated: false });
  const { port } = await inner.run();
  const held: (() => void)[] = [];
  let isFrozen = false;
  // What only may be put where nothing is takes turns: of two at once one is the first.
  let turn = Promise.resolve();
  const door = createServer((incoming, reply) => {
    const answer = (): void => {
      const passed = (): Promise<void> => pass(incoming, reply, port).catch(() => void reply.destroy());
      if (incoming.headers['if-none-match'] === undefined) void passed();
      else turn = turn.then(passed);
    };
    if (isFrozen) held.push(answer);
    else answer();
  });
  const endpoint = await listening(door);
  const settings = { endpoint, publicEndpoint: endpoint, bucket: `files-${randomUUID()}`, region: 'us-east-1', ...ACCOUNT };
  const stop = async (): Promise<void> => {
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
    await inner.close();
  };
  const thaw = (): void => {
    isFrozen = false;
    for (const answer of held.splice(0)) answer();
  };
  return { settings, freeze: () => void (isFrozen = true), thaw, held: () => held.length, stop };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

async function pass(incoming: IncomingMessage, reply: ServerResponse, port: number): Promise<void> {
  const { method = '', url = '', headers } = incoming;
  if (method === 'PUT' && headers['content-length'] === undefined) {
    reply.writeHead(LENGTH_REQUIRED, { connection: 'close' }).end();
    return;
  }
  // Rejects where the sender hangs up before the end.
  const body = await buffer(incoming);
  if (method === 'PUT' && headers['if-none-match'] === '*' && (await isThere(url, port))) {
    reply.writeHead(PRECONDITION_FAILED).end();
    return;
  }
  const sent = request({ host: '127.0.0.1', port, method, path: url, headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  reply.writeHead(answer.statusCode ?? 0, answer.headers);
  await pipeline(answer, reply);
}

/** s3rver shows every object to whoever shows no signature at all. */
async function isThere(url: string, port: number): Promise<boolean> {
  const sent = request({ host: '127.0.0.1', port, method: 'HEAD', path: new URL(url, 'http://s3').pathname });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode === OK;
}
