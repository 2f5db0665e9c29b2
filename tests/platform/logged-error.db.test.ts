import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { createLogger } from '../../src/platform/log.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';

const EMAIL = 'thandi@example.co.za';
const INSERT = `insert into notification_recipient
  (shop_id, id, name, language, email, enabled, link_secret, created_at, updated_at) values (?, ?, ?, ?, ?, true, '', now(), now())`;

let database: TestDatabase;
let shop: ShopFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  shop = await createShop(database.orm.em, { items: 1 });
});
afterAll(() => database.drop());

interface Line {
  readonly msg: string;
  readonly err: Readonly<Record<string, unknown>>;
}

function logged(write: (log: ReturnType<typeof createLogger>) => void): { text: string; line: Line } {
  let text = '';
  write(createLogger({ level: 'info', destination: { write: (line) => void (text += line) } }));
  return { text, line: JSON.parse(text) as Line };
}

async function failureOf(sql: string, parameters: unknown[]): Promise<Error> {
  try {
    await database.orm.em.fork().execute(sql, parameters);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('The statement was not refused.');
}

/** A row without a name: refused by a check, and quoted with all that it says of the person. */
function brokenCheck(email = EMAIL): Promise<Error> {
  return failureOf(INSERT, [shop.actor.shopId, newId(), '', 'EN', email]);
}

describe('a broken check', () => {
  test('really quotes the row', async () => {
    expect((await brokenCheck()).message).toContain(EMAIL);
  });

  test('is logged with what finds it, and without the row', async () => {
    const error = await brokenCheck();
    const { text, line } = logged((log) => {
      log.error({ err: error }, 'failed');
    });
    expect(text).not.toContain(EMAIL);
    expect(text).not.toContain('Failing row');
    expect(line.err).toMatchObject({
      ...{ type: 'CheckConstraintViolationException', code: '23514', table: 'notification_recipient' },
      constraint: 'notification_recipient_name_check',
      message: expect.stringContaining('violates check constraint "notification_recipient_name_check"') as string,
      stack: expect.stringMatching(/\n\s+at .*logged-error\.db\.test\.ts:\d+:\d+/) as string,
    });
  });

  test.each<[string, (log: ReturnType<typeof createLogger>, error: Error) => void]>([
    [
      'alone',
      (log, error) => {
        log.error(error);
      },
    ],
    [
      'in a field without a text',
      (log, error) => {
        log.child({ requestId: 'r' }).error({ err: error });
      },
    ],
    [
      'as a cause',
      (log, error) => {
        log.error({ err: new Error('no', { cause: error }) }, 'failed');
      },
    ],
    [
      'as one of many',
      (log, error) => {
        log.error(new AggregateError([error], 'no'));
      },
    ],
  ])('is logged without the row %s', async (_how, write) => {
    const error = await brokenCheck();
    const { text } = logged((log) => {
      write(log, error);
    });
    expect(text).not.toContain(EMAIL);
    expect(text).toContain('notification_recipient_name_check');
  });

  test('is logged without a value that has lines like frames', async () => {
    const error = await brokenCheck('x@y.za\n    at HUSH (file.js:1:1)');
    const { text } = logged((log) => {
      log.error({ err: error }, 'failed');
    });
    expect(text).not.toContain('HUSH');
  });
});

test('a value that does not fit its type is not quoted either', async () => {
  const error = await failureOf('select ?::uuid', [EMAIL]);
  const { text, line } = logged((log) => {
    log.error({ err: error }, 'failed');
  });
  expect(text).not.toContain(EMAIL);
  expect(line.err).toMatchObject({
    code: '22P02',
    message: expect.stringContaining('invalid input syntax for type uuid') as string,
  });
});
