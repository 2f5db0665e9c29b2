/** What of an error may be read by whoever reads the log. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  /** Type, message and frames, one a line. */
  readonly stack: string;
  readonly code?: string | number;
  readonly constraint?: string;
  readonly table?: string;
  readonly statusCode?: number;
  readonly cause?: LoggedError;
  readonly aggregateErrors?: readonly LoggedError[];
}

const HIDDEN = '[hidden]';
/** Causes of causes, and errors of errors, are followed so far. */
const MAX_DEPTH = 5;
const MAX_AGGREGATED = 10;
const FRAME = /^\s+at .*(?::\d+:\d+|<anonymous>|native)\)?$/;
/** Where the ORM goes on with what PostgreSQL says of the row. */
const DETAIL = /\s+- detail:[\s\S]*$/;
/** PostgreSQL's class 22, data exceptions: the message quotes what was given. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;
const QUOTED = /"[\s\S]*"/g;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Of an error what finds its cause, and nothing of the rows that it is about: PostgreSQL quotes a refused row in `detail`, and values in `where` and
 * in the messages of data exceptions; the ORM repeats it in message and stack. So only fields that are named here pass. What is no error passes as it is.
 */
export function serializeError(error: unknown): unknown {
  return error instanceof Error ? loggedError(error, 1) : error;
}

/** An error's message, without what it quotes of a row. */
export function loggedMessage(error: Error): string {
  const message = error.message.replace(DETAIL, '');
  const { code } = error as unknown as Fields;
  return typeof code === 'string' && DATA_EXCEPTION.test(code) ? message.replace(QUOTED, `"${HIDDEN}"`) : message;
}

function loggedError(error: Error, depth: number): LoggedError {
  const { code, constraint, table, statusCode, cause, errors } = error as unknown as Fields;
  const type = error.constructor.name || error.name;
  const message = loggedMessage(error);
  const isDeep = depth >= MAX_DEPTH;
  return {
    ...{ type, message, stack: [`${type}: ${message}`, ...framesOf(error)].join('\n') },
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(typeof table === 'string' ? { table } : {}),
    ...(typeof statusCode === 'number' ? { statusCode } : {}),
    ...(cause instanceof Error && !isDeep ? { cause: loggedError(cause, depth + 1) } : {}),
    ...(Array.isArray(errors) && !isDeep ? { aggregateErrors: aggregated(errors, depth) } : {}),
  };
}

function aggregated(errors: readonly unknown[], depth: number): LoggedError[] {
  const found = errors.filter((each) => each instanceof Error);
  return found.slice(0, MAX_AGGREGATED).map((each) => loggedError(each, depth + 1));
}

/** The message goes first: what it quotes may have lines that look like frames. */
function framesOf({ stack = '', message }: Error): string[] {
  const frames = message === '' ? stack : stack.replaceAll(message, '');
  return frames.split('\n').filter((line) => FRAME.test(line));
}
