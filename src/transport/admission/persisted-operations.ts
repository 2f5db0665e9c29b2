import { createHash } from 'node:crypto';
import { Kind, parse, print, type DocumentNode } from 'graphql';

export interface PersistedOperation {
  /** SHA-256 of `body`, in hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly body: string;
}

/** The form in which Apollo's clients write their manifests. */
export interface OperationManifest {
  readonly format: 'apollo-persisted-query-manifest';
  readonly version: 1;
  readonly operations: readonly PersistedOperation[];
}

/** Operations that are known by their ids and by their texts. */
export class PersistedOperations {
  private readonly bodies: ReadonlyMap<string, string>;

  constructor({ operations }: OperationManifest) {
    this.bodies = new Map(operations.map(({ id, body }) => [id, body]));
  }

  /** The text of the operation of this id. */
  body(id: string): string | undefined {
    return this.bodies.get(id);
  }

  /** Whether this very operation is in the manifest; comments and white space are nothing. */
  knows(document: DocumentNode): boolean {
    return this.bodies.has(operationId(print(document)));
  }
}

function operationId(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** The manifest of these texts, each of one named operation, in their order. Throws a TypeError for one that is none. */
export function makeManifest(texts: readonly string[]): OperationManifest {
  const operations = texts.map((text) => {
    const document = parse(text);
    const [operation, another] = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
    if (!operation?.name || another) throw new TypeError('A persisted operation stands alone in its file, and has a name.');
    const body = print(document);
    return { id: operationId(body), name: operation.name.value, type: operation.operation, body };
  });
  return { format: 'apollo-persisted-query-manifest', version: 1, operations };
}

/** Throws a TypeError for what is no manifest, or names an operation by another text's id. */
export function readManifest(text: string): OperationManifest {
  const manifest = JSON.parse(text) as Partial<OperationManifest>;
  const { format, version, operations } = manifest;
  if (format !== 'apollo-persisted-query-manifest' || version !== 1 || !Array.isArray(operations)) {
    throw new TypeError('This is no manifest of persisted operations.');
  }
  const wrong = (operations as readonly PersistedOperation[]).find(({ id, body }) => operationId(body) !== id);
  if (wrong) throw new TypeError(`The operation ${wrong.name} has an id that is not the SHA-256 of its text.`);
  return manifest as OperationManifest;
}
