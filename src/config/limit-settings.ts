import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { oneOf, wholeNumber } from './setting-rules.js';

const MAX_COUNT = 1_000_000;
const MAX_COST = 1_000_000_000;
const MAX_PROXIES = 100;
const PROXIES_HINT = 'write addresses and networks with commas between them, such as 10.0.0.0/8,127.0.0.1';

function proxiesOf(text: string): readonly string[] | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const fits = (part: string): boolean => (part.includes('/') ? ipaddr.isValidCIDR(part) : ipaddr.isValid(part));
  return parts.length <= MAX_PROXIES && parts.every(fits) ? parts : undefined;
}

/** How much may be asked for, by whom, and what is said of the schema. */
export const limitSettings = {
  QUERY_MAX_TOKENS: wholeNumber(100, MAX_COUNT, 15_000),
  QUERY_MAX_FIELDS: wholeNumber(10, MAX_COUNT, 2_000),
  QUERY_MAX_DEPTH: wholeNumber(5, 200, 20),
  QUERY_MAX_ALIASES: wholeNumber(0, MAX_COUNT, 100),
  QUERY_MAX_DIRECTIVES: wholeNumber(0, MAX_COUNT, 50),
  QUERY_MAX_COST: wholeNumber(100, MAX_COST, 50_000),
  COST_LIMIT: wholeNumber(1_000, MAX_COST, 2_000_000),
  COST_RESTORE_PER_S: wholeNumber(10, MAX_COST, 200_000),
  STRANGERS_PER_MINUTE: wholeNumber(1, MAX_COUNT, 1_200),
  INTROSPECTION: oneOf(['all', 'permitted']).optional(),
  PLAYGROUND: oneOf(['on', 'off']).optional(),
  PERSISTED_OPERATIONS: oneOf(['any', 'only']).default('any'),
  PERSISTED_MANIFEST: z.string().optional(),
  TRUSTED_PROXIES: z
    .string()
    .transform((text, refusals) => {
      const proxies = proxiesOf(text);
      if (!proxies) refusals.addIssue(PROXIES_HINT);
      return proxies ?? [];
    })
    .optional(),
};

export interface LimitConfig {
  /** Of one operation. */
  readonly operation: {
    readonly tokens: number;
    readonly fields: number;
    readonly depth: number;
    readonly aliases: number;
    readonly directives: number;
    readonly objects: number;
  };
  /** Of one actor over time, all operations together, in objects. */
  readonly cost: { readonly maximum: number; readonly restoreRate: number };
  /** Requests of one address a minute that come without a key that is let in. */
  readonly strangersPerMinute: number;
  /** Whether the schema is shown to those alone who have the right to it. */
  readonly hidesSchema: boolean;
  readonly playground: boolean;
  readonly getsNeedKeys: boolean;
  readonly persisted: {
    readonly only: boolean;
    /** Of the program's own, if undefined. */ readonly manifest: string | undefined;
  };
}

/** In production nothing is told to strangers unless a setting says so. */
export function limitConfig(value: z.output<z.ZodObject<typeof limitSettings>>, isProduction: boolean): LimitConfig {
  return {
    operation: {
      tokens: value.QUERY_MAX_TOKENS,
      fields: value.QUERY_MAX_FIELDS,
      depth: value.QUERY_MAX_DEPTH,
      aliases: value.QUERY_MAX_ALIASES,
      directives: value.QUERY_MAX_DIRECTIVES,
      objects: value.QUERY_MAX_COST,
    },
    cost: { maximum: value.COST_LIMIT, restoreRate: value.COST_RESTORE_PER_S },
    strangersPerMinute: value.STRANGERS_PER_MINUTE,
    hidesSchema: (value.INTROSPECTION ?? (isProduction ? 'permitted' : 'all')) === 'permitted',
    playground: (value.PLAYGROUND ?? (isProduction ? 'off' : 'on')) === 'on',
    getsNeedKeys: isProduction,
    persisted: { only: value.PERSISTED_OPERATIONS === 'only', manifest: value.PERSISTED_MANIFEST },
  };
}
