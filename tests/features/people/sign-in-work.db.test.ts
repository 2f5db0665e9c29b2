import { argon2, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ormConfig } from '../../../mikro-orm.config.js';
import { OwnerService, PasswordHasher, SessionService, SignInService } from '../../../src/features/people/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop } from '../../support/shop-fixture.js';
import { countsStatements, statementsOf } from '../../support/statements.js';
import { RoomyLimits } from './roomy-limits.js';

const DAY_MS = 86_400_000;
const PASSWORD = 'three green kettles';
const WRONG = 'wrong horse battery';

/** Which sign-ins are refused in the same words. */
const REFUSED = {
  'a wrong password': 'thandi@example.co.za',
  'an address that nobody has': 'nobody@example.co.za',
  'what is no address': 'nobody',
  'somebody who has no password': 'provider@example.co.za',
  'somebody who has left his only shop': 'gone@example.co.za',
} as const;
type Case = keyof typeof REFUSED;
const CASES = Object.keys(REFUSED) as Case[];

class CountedWork extends UnitOfWork {
  begun = 0;

  override run<T>(...args: Parameters<UnitOfWork['run']>): Promise<T> {
    this.begun += 1;
    return super.run(...args) as Promise<T>;
  }
}

let database: TestDatabase;
let orm: MikroORM;
let work: CountedWork;
let signIn: SignInService;
const hashes: Argon2Parameters[] = [];

/** The program's own hash, and with which parameters it was asked for. */
const native = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;
const counted: typeof native = (algorithm, parameters) => {
  hashes.push(parameters);
  return native(algorithm, parameters);
};

beforeAll(async () => {
  database = await createTestDatabase();
  orm = new MikroORM(ormConfig(database.url));
  work = new CountedWork(orm.em, {});
  const hasher = new PasswordHasher(counted);
  const limits = new RoomyLimits(1_000);
  const limiter = limits.limiter({ name: 'any', points: 1, perMs: 1_000 });
  const limiters = { byAddress: limiter, byBoth: limiter, byEmail: limiter, resets: limiter };
  const onError = (error: unknown): void => {
    throw error;
  };
  const sessions = new SessionService({
    work,
    em: orm.em,
    clock: systemClock,
    times: { idleMs: DAY_MS, maxMs: DAY_MS },
    onError,
  });
  signIn = new SignInService({ work, em: orm.em, hasher, sessions, limiters, onError });
  const owners = new OwnerService(work, systemClock, hasher);
  const { shop } = await createShop(database.orm.em);
  for (const email of ['thandi@example.co.za', 'provider@example.co.za', 'gone@example.co.za'])
    await owners.add(shop.id, { email, name: 'Thandi', password: PASSWORD });
  const em = database.orm.em.fork();
  await em.execute("update person set password_hash = null where email = 'provider@example.co.za'");
  await em.execute(
    "update membership set ended_at = now() where person_id = (select id from person where email = 'gone@example.co.za')",
  );
}, 60_000);
afterAll(async () => {
  await orm.close();
  await database.drop();
});

async function refuse(email: string): Promise<void> {
  await expect(signIn.signIn({ email, password: WRONG }, '192.0.2.1')).rejects.toMatchObject({ code: 'INVALID', path: [] });
}

describe('a sign-in that is refused', () => {
  test.each(CASES)('computes one hash, with the parameters of every other: %s', async (name) => {
    hashes.length = 0;
    await refuse(REFUSED[name]);
    expect(hashes.map(({ nonce, ...rest }) => ({ ...rest, saltBytes: (nonce as Buffer).length }))).toEqual([
      { message: WRONG, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32, saltBytes: 16 },
    ]);
  });

  test.each(CASES)('is answered before anything of it is noted, and what comes next too: %s', async (name) => {
    await signIn.noteNow();
    const before = work.begun;
    await refuse(REFUSED[name]);
    expect(work.begun).toBe(before);
    await signIn.noteNow();
    expect(work.begun).toBe(before + 1);
  });
});

test('a sign-in that is refused runs the same statements, whoever it was of, and one more where a shop is told', async (context) => {
  const em = database.orm.em.fork();
  if (!(await countsStatements(em))) context.skip('this server does not load pg_stat_statements');
  const ran = {} as Record<Case, string[]>;
  for (const name of CASES) {
    const once = async (): Promise<void> => {
      await refuse(REFUSED[name]);
      await signIn.noteNow();
    };
    // The first may open connections.
    await once();
    ran[name] = (await statementsOf(em, once)).toSorted();
  }
  const { 'a wrong password': wrong, 'an address that nobody has': nobody } = ran;
  const isEntry = (sql: string): boolean => /^insert into audit_entry/i.test(sql);
  expect(wrong.filter(isEntry)).toHaveLength(1);
  expect(nobody).toEqual(wrong.filter((sql) => !isEntry(sql)));
  expect(nobody.filter((sql) => sql.includes('from "person"'))).toHaveLength(1);
  expect(ran['what is no address']).toEqual(nobody);
  expect(ran['somebody who has left his only shop']).toEqual(nobody);
  expect(ran['somebody who has no password']).toEqual(wrong);
});

test('the right password lets in, by the same one hash', async () => {
  hashes.length = 0;
  const { person } = await signIn.signIn({ email: 'thandi@example.co.za', password: PASSWORD }, '192.0.2.1');
  expect(person.email).toBe('thandi@example.co.za');
  expect(hashes).toHaveLength(1);
});
