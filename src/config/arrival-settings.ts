import { z } from 'zod';

const MAX_NAMES = 100;
const HOST_NAME = /^[a-z\d.:[\]-]+$/;
const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]'];

function namesOf(text: string, fits: (part: string) => boolean): readonly string[] | undefined {
  const parts = text.split(',').map((part) => part.trim().toLowerCase());
  return parts.length <= MAX_NAMES && parts.every(fits) ? parts : undefined;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function names(fits: (part: string) => boolean, hint: string) {
  return z
    .string()
    .transform((text, refusals) => {
      const found = namesOf(text, fits);
      if (!found) refusals.addIssue(hint);
      return found ?? [];
    })
    .optional();
}

/** From where requests may come. */
export const arrivalSettings = {
  CORS_ORIGINS: names(isOrigin, 'write origins with commas between them, such as https://till.example.com,http://localhost:3000'),
  ALLOWED_HOSTS: names(
    (part) => HOST_NAME.test(part),
    'write host names with commas between them, without ports, such as stock.example.com',
  ),
};

export interface ArrivalConfig {
  /** Pages of these origins may ask, besides the server's own. */
  readonly corsOrigins: readonly string[];
  /** Names by which this server lets itself be called. Undefined: any. */
  readonly allowedHosts: readonly string[] | undefined;
}

/**
 * A server for its own machine alone that shows a demo's keys must not be read by a page whose name was made to lead here, so it listens to no other
 * names. In production it may stand behind a proxy on the same machine, and shows nothing.
 */
export function arrivalConfig(
  value: z.output<z.ZodObject<typeof arrivalSettings>>,
  at: { host: string; isProduction: boolean },
): ArrivalConfig {
  const own = !at.isProduction && LOOPBACK.includes(at.host) ? LOOPBACK : undefined;
  return { corsOrigins: value.CORS_ORIGINS ?? [], allowedHosts: value.ALLOWED_HOSTS ?? own };
}
