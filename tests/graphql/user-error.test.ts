import { describe, expect, test } from 'vitest';
import { mutationPayload, toUserError } from '../../src/graphql/user-error.schema.js';
import { DomainError, InvalidError, RequestError } from '../../src/kernel/errors.js';

class Detailed extends DomainError {
  readonly userErrorType = 'StockError';
  readonly userErrorDetails = { level: { onHand: '5' } };
}

test('a refusal is shown as a SimpleError, or as the type that it names', () => {
  expect(toUserError(new InvalidError('Too short.', ['input', 'name']))).toEqual({
    __typename: 'SimpleError',
    code: 'INVALID',
    message: 'Too short.',
    path: ['input', 'name'],
  });
  expect(toUserError(new Detailed('INSUFFICIENT_STOCK', '5 left.'))).toEqual({
    __typename: 'StockError',
    code: 'INSUFFICIENT_STOCK',
    message: '5 left.',
    path: [],
    level: { onHand: '5' },
  });
});

describe('mutationPayload', () => {
  test('gives what was done, or why not', async () => {
    expect(await mutationPayload(() => Promise.resolve({ thing: 1 }))).toEqual({ thing: 1, userErrors: [] });
    const refused = await mutationPayload((): Promise<{ things: number[] }> => Promise.reject(new InvalidError('No.')), {
      things: [],
    });
    expect(refused).toMatchObject({ things: [], userErrors: [{ code: 'INVALID' }] });
    await expect(mutationPayload(() => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
    await expect(mutationPayload(() => Promise.reject(new RequestError('FORBIDDEN', 'No.')))).rejects.toThrow('No.');
  });
});
