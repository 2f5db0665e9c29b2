import { describe, expect, test } from 'vitest';
import { mutationPayload, toUserErrors } from '../../src/graphql/user-error.schema.js';
import { DomainError, InvalidError, NotFoundError, RequestError } from '../../src/kernel/errors.js';

class Detailed extends DomainError {
  readonly userErrorType = 'StockError';
  readonly userErrorDetails = { level: { onHand: '5' } };
}

describe('toUserErrors', () => {
  test('a refusal, a detailed one, several, and everything else', () => {
    expect(toUserErrors(new InvalidError('Too short.', ['input', 'name']))).toEqual([
      { __typename: 'SimpleError', code: 'INVALID', message: 'Too short.', path: ['input', 'name'] },
    ]);
    expect(toUserErrors(new Detailed('INSUFFICIENT_STOCK', '5 left.'))).toEqual([
      { __typename: 'StockError', code: 'INSUFFICIENT_STOCK', message: '5 left.', path: [], level: { onHand: '5' } },
    ]);
    expect(toUserErrors(new AggregateError([new InvalidError('a'), new NotFoundError('b')]))).toHaveLength(2);
    expect(toUserErrors(new AggregateError([new InvalidError('a'), new Error('b')]))).toBeUndefined();
    expect(toUserErrors(new AggregateError([]))).toBeUndefined();
    expect(toUserErrors(new RequestError('FORBIDDEN', 'No.'))).toBeUndefined();
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
  });
});
