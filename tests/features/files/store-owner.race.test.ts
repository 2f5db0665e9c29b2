import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreOwner, type FileStore } from '../../../src/features/files/index.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { openLocalStore, openS3Store, type OpenedStore } from '../../adapters/files/stores.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { S3 } from '../../support/s3-server.js';

let databases: TestDatabase[];
beforeAll(async () => {
  databases = [await createTestDatabase(), await createTestDatabase(), await createTestDatabase()];
  for (const { orm } of databases) await orm.em.fork().execute('update file_store set database_id = gen_random_uuid()');
});
afterAll(async () => {
  for (const database of databases) await database.drop();
});

/** The store as each of several sees it: all find it empty, and then they write in turn, each after the one before has read what it wrote. */
function inTurns(store: FileStore, count: number): FileStore[] {
  const everybody = Promise.withResolvers<undefined>();
  let waiting = 0;
  let before: Promise<unknown> = everybody.promise;
  return Array.from({ length: count }, () => {
    const turn = before;
    const done = Promise.withResolvers<undefined>();
    before = done.promise;
    const create: FileStore['create'] = async (...args) => {
      waiting += 1;
      if (waiting === count) everybody.resolve(undefined);
      await turn;
      return store.create(...args);
    };
    const read: FileStore['read'] = async (key) => {
      const bytes = (await store.read(key)) ?? Readable.from([]);
      // As a whole, before the next one writes.
      const whole = await buffer(bytes);
      done.resolve(undefined);
      return Readable.from([whole]);
    };
    const own: Partial<FileStore> = { create, read };
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(Object.hasOwn(own, name) ? own : target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  });
}

describe.each([
  ['the disk', openLocalStore],
  [S3, openS3Store],
] as const)('%s', (_, open) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  test('of several databases that find an empty store at once one has it, and each knows which', async () => {
    const stores = inTurns(opened.store, databases.length);
    const owners = stores.flatMap((store, index) => {
      const database = databases[index];
      return database ? [new StoreOwner(store, new UnitOfWork(database.orm.em, {}))] : [];
    });
    const found = await Promise.all(owners.map((owner) => owner.askOnce()));
    expect(found.filter(({ isOurs }) => isOurs)).toHaveLength(1);
    expect(await Promise.all(owners.map((owner) => owner.ask()))).toEqual(found);
  });
});
