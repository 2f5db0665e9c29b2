import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { PATIENCE, rowsOf } from './cache-fixture.js';

const LEASE_S = 60;
/** Over at once: no test waits for a lease. */
const NO_LEASE_S = 0;
const REDIS = 'redis:one-run';
const NO_UUID = '00000000-0000-0000-0000-000000000000';

interface View {
  readonly epoch: number;
  readonly token: string;
  readonly link: string | null;
  readonly isSettled: boolean;
  /** Each with its link. */
  readonly members: string[];
}

let database: TestDatabase;
let client: pg.Client;
let listener: pg.Client;
let heard: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  [client, listener] = [new pg.Client(database.url), new pg.Client(database.url)];
  await Promise.all([client.connect(), listener.connect()]);
  await listener.query('listen cache_view');
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
});
afterAll(async () => {
  await Promise.all([client.end(), listener.end()]);
  await database.drop();
});
beforeEach(() => {
  heard = [];
});
afterEach(() => client.query('delete from cache_member'));

class Member {
  private readonly id = randomUUID();
  private beats = 0;

  constructor(private readonly name: string) {}

  async beat(of: { link?: string | null; seen?: number; leaseS?: number; beat?: number } = {}): Promise<View> {
    const { link = REDIS, seen, leaseS = LEASE_S, beat = this.beats + 1 } = of;
    this.beats = Math.max(this.beats, beat);
    const { rows } = await client.query<Omit<View, 'epoch'> & { readonly epoch: string }>(
      `select epoch, token, link, is_settled as "isSettled", members
       from cache_heartbeat($1, $2, $3, $4, $5, make_interval(secs => $6))`,
      [this.id, this.name, link, seen, beat, leaseS],
    );
    const [view] = rows;
    if (!view) throw new Error('no row');
    return { ...view, epoch: Number(view.epoch) };
  }

  async leave(): Promise<void> {
    await client.query('delete from cache_member where id = $1', [this.id]);
  }
}

/** What was notified by now, since the test began or asked last. */
async function notices(): Promise<string[]> {
  await client.query(`notify cache_view, 'end'`);
  await expect.poll(() => heard, PATIENCE).toContain('end');
  const said = heard.filter((payload) => payload !== 'end');
  heard = [];
  return said;
}

async function two(): Promise<{ one: Member; other: Member; view: View }> {
  const [one, other] = [new Member('one'), new Member('other')];
  await one.beat();
  const view = await other.beat();
  await notices();
  return { one, other, view };
}

describe('who joins', () => {
  test('first begins a new epoch with a token of its own, also where the last one had the same link', async () => {
    const before = await new Member('before').beat();
    await client.query('delete from cache_member');
    await notices();
    const view = await new Member('one').beat();
    expect(view).toMatchObject({ epoch: before.epoch + 1, link: REDIS, isSettled: true });
    expect(view.token).not.toBe(before.token);
    expect(await notices()).toEqual([String(view.epoch)]);
  });

  test('with the same link comes into the same epoch, and nobody hears of it', async () => {
    const { view } = await two();
    expect(await new Member('third').beat()).toEqual({ ...view, members: [...view.members, `third ${REDIS}`] });
    expect(await notices()).toEqual([]);
  });

  test('without a link turns the cache off, and is named', async () => {
    const { one, view } = await two();
    const off = await new Member('blind').beat({ link: null });
    expect(off).toMatchObject({
      epoch: view.epoch + 1,
      link: null,
      isSettled: false,
      members: expect.arrayContaining(['blind cut off']) as unknown,
    });
    expect(await notices()).toEqual([String(off.epoch)]);
    expect((await one.beat({ seen: view.epoch })).members).toContain('blind cut off');
  });

  test('with another link turns the cache off', async () => {
    const { view } = await two();
    expect(await new Member('abroad').beat({ link: 'redis:another-run' })).toMatchObject({ epoch: view.epoch + 1, link: null });
  });

  test('first and without a link keeps what is off as it is', async () => {
    const blind = new Member('blind');
    const off = await blind.beat({ link: null });
    expect(await blind.beat({ link: null, seen: off.epoch })).toEqual(off);
    expect(await new Member('too').beat({ link: null })).toMatchObject({ epoch: off.epoch, isSettled: true });
  });
});

describe('an epoch is settled', () => {
  test('when all who live say that they use none before it; who has been asked for it is told', async () => {
    const { one, other, view } = await two();
    const off = await one.beat({ link: null, seen: view.epoch });
    expect(off.isSettled).toBe(false);
    expect((await one.beat({ link: null, seen: off.epoch })).isSettled).toBe(false);
    await notices();
    expect((await other.beat({ seen: view.epoch })).isSettled).toBe(false);
    expect(await notices()).toEqual([]);
    expect((await other.beat({ seen: off.epoch })).isSettled).toBe(true);
    expect(await notices()).toEqual([String(off.epoch)]);
    expect((await one.beat({ link: null, seen: off.epoch })).isSettled).toBe(true);
  });

  test('by who uses none at all, without a second question', async () => {
    const { one, other, view } = await two();
    await one.beat({ link: null });
    expect(await other.beat()).toMatchObject({ epoch: view.epoch + 1, isSettled: true });
  });

  test('by who raises it while he uses none, at once', async () => {
    const one = new Member('one');
    await one.beat();
    expect((await one.beat({ link: null })).isSettled).toBe(true);
  });

  test('without those whose lease is over', async () => {
    const { one, other, view } = await two();
    await other.beat({ seen: view.epoch, leaseS: NO_LEASE_S });
    const off = await one.beat({ link: null });
    expect(off).toMatchObject({ epoch: view.epoch + 1, isSettled: true });
  });

  test('in use again when all have the same link, under another token', async () => {
    const { one, other, view } = await two();
    await one.beat({ link: null });
    await other.beat();
    const on = await one.beat();
    expect(on).toMatchObject({ epoch: view.epoch + 2, link: REDIS, isSettled: false });
    expect(on.token).not.toBe(view.token);
    expect(await other.beat()).toEqual({ ...on, isSettled: true });
  });
});

describe('a member whose lease is over', () => {
  test('is forgotten, and what it may have committed is in no epoch that is in use', async () => {
    const { one, other, view } = await two();
    await other.beat({ seen: view.epoch, leaseS: NO_LEASE_S });
    await notices();
    const next = await one.beat({ seen: view.epoch });
    expect(next).toMatchObject({ epoch: view.epoch + 1, link: REDIS });
    expect(next.token).not.toBe(view.token);
    expect(await notices()).toEqual([String(next.epoch)]);
    expect(await one.beat({ seen: next.epoch })).toEqual({ ...next, isSettled: true });
  });

  test('comes back into a new epoch, as one that has lapsed itself', async () => {
    const { one, other, view } = await two();
    await other.beat({ seen: view.epoch, leaseS: NO_LEASE_S });
    const back = await other.beat({ seen: view.epoch });
    expect(back).toMatchObject({ epoch: view.epoch + 1, isSettled: false });
    expect((await one.beat({ seen: view.epoch })).epoch).toBe(back.epoch);
  });

  test('changes nothing where nothing is cached', async () => {
    const blind = new Member('blind');
    const off = await blind.beat({ link: null });
    await new Member('lapsed').beat({ leaseS: NO_LEASE_S });
    expect(await blind.beat({ link: null, seen: off.epoch })).toMatchObject({ epoch: off.epoch, isSettled: true });
  });

  test('one that has left in time raises nothing', async () => {
    const { one, other, view } = await two();
    await other.leave();
    const { epoch, token, link } = view;
    expect(await one.beat({ seen: view.epoch })).toMatchObject({ epoch, token, link, members: [`one ${REDIS}`] });
  });
});

describe('a clock that is set back', () => {
  test('makes no lease longer than one that is granted now', async () => {
    const { one, other, view } = await two();
    await client.query(`update cache_member set expires_at = expires_at + interval '1 day'`);
    await one.beat({ seen: view.epoch, leaseS: LEASE_S });
    const far = await client.query(
      `select 1 from cache_member where expires_at > clock_timestamp() + make_interval(secs => $1)`,
      [LEASE_S],
    );
    expect(far.rows).toEqual([]);
    expect(await other.beat({ seen: view.epoch })).toEqual(view);
  });
});

describe('another database', () => {
  test('that is a copy of this one has another token', async () => {
    const copy = await createTestDatabase();
    const ask = `select token from cache_heartbeat(gen_random_uuid(), 'blind', null, null, 1, interval '0')`;
    const tokens: (string | undefined)[] = [];
    for (const { url } of [database, copy]) {
      await rowsOf(url, 'update cache_view set token = $1, link = null', [NO_UUID]);
      tokens.push((await rowsOf<{ token: string }>(url, ask))[0]?.token);
    }
    for (const token of tokens) expect(token).toContain(NO_UUID);
    expect(new Set(tokens).size).toBe(2);
    await copy.drop();
  });
});

describe('a question that comes late', () => {
  test('is refused and takes nothing back', async () => {
    const { one, other, view } = await two();
    const off = await one.beat({ link: null, beat: 7 });
    for (const beat of [6, 7]) await expect(one.beat({ seen: view.epoch, beat })).rejects.toThrow('comes late');
    expect(await other.beat()).toMatchObject({
      epoch: off.epoch,
      link: null,
      members: expect.arrayContaining(['one cut off']) as unknown,
    });
  });
});
