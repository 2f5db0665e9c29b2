const STATUS = { badRequest: 400, tooLarge: 413 } as const;

/** A request for a file, or the bytes that came with it, that is refused, with HTTP's status for it. */
export class FileRequestError extends Error {
  override readonly name = 'FileRequestError';

  constructor(
    readonly statusCode: number,
    message: string,
    /** When the same may be taken. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** Passes on what comes until it is too much, and rejects where it was too little: nobody is asked how much it will be. */
export async function* exactly(sizeBytes: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const chunk of body) {
    count += chunk.length;
    if (count > sizeBytes) throw tooLarge(sizeBytes);
    yield chunk;
  }
  if (count < sizeBytes) throw wrongSize(sizeBytes);
}

export function tooLarge(sizeBytes: number): FileRequestError {
  return new FileRequestError(STATUS.tooLarge, `Exactly ${String(sizeBytes)} bytes are taken, and more were sent.`);
}

export function wrongSize(sizeBytes: number): FileRequestError {
  return new FileRequestError(STATUS.badRequest, `Exactly ${String(sizeBytes)} bytes are taken, and fewer were sent.`);
}
