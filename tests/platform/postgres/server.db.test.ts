import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, inject, test } from 'vitest';
import { freePort } from '../../../src/platform/postgres/free-port.js';
import { checkServer } from '../../../src/platform/postgres/server.js';
import { withDatabase } from '../../support/database-url.js';

test('a server that is there and new enough is taken', async () => {
  await expect(checkServer(inject('serverUrl'), 0)).resolves.toBeUndefined();
});

test('a database that is not there is refused at once, naming it and DATABASE_URL', async () => {
  const startedAt = Date.now();
  await expect(checkServer(withDatabase(inject('serverUrl'), 'no_such'), 20_000)).rejects.toThrow(
    /database no_such at .*DATABASE_URL/,
  );
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});

test('a server that comes while we wait is found', async () => {
  const port = await freePort();
  const target = new URL(inject('serverUrl'));
  const through = new URL(target);
  through.port = String(port);
  through.hostname = '127.0.0.1';
  const asked = checkServer(through.href, 10_000);
  const { connect } = await import('node:net');
  const relay = createServer((from) => {
    const to = connect(Number(target.port || '5432'), target.hostname);
    from.on('error', () => to.destroy()).pipe(to);
    to.on('error', () => from.destroy()).pipe(from);
  });
  setTimeout(() => relay.listen(port, '127.0.0.1'), 600);
  await expect(asked).resolves.toBeUndefined();
  relay.close();
});

test('something that is no PostgreSQL is refused in bounded time', async () => {
  const mute = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  await expect(checkServer(`postgres://me:hushhush@127.0.0.1:${String(port)}/shop`, 300)).rejects.toThrow(/DATABASE_URL/);
  mute.close();
});
