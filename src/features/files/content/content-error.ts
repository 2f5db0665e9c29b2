import { InvalidError } from '../../../kernel/errors.js';

/** What a file holds is not what it may hold, or not what was declared. */
export function contentError(message: string): InvalidError {
  return new InvalidError(message, ['id']);
}
