import type { Readable } from 'node:stream';

/** What came to a file's URL. `body` is read by a PUT only. */
export interface FileRequest {
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly contentLength: number | undefined;
  readonly body: AsyncIterable<Buffer>;
}

export interface FileReply {
  readonly contentType: string;
  /** A Content-Disposition. */
  readonly disposition: string;
  readonly sizeBytes: number;
  /** How long a client may keep it. */
  readonly maxAgeSeconds: number;
  readonly body: Readable;
}

/** What the file endpoint needs of a store that has no server of its own. What it refuses carries HTTP's status as `statusCode`, and a 503 `retryAfterSeconds`. */
export interface FileDoor {
  receive(request: FileRequest): Promise<void>;
  serve(request: FileRequest): Promise<FileReply>;
}
