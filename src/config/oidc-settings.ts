import { z } from 'zod';

/** All are of a private key that the provider alone has: by a key that both sides know (HS…) whoever reads ours would make tokens, and by `none` anybody. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
type Algorithm = (typeof ALGORITHMS)[number];
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const ISSUER_HINT =
  'write the issuer as the provider names it, such as https://login.example.co.za/realms/shop (http only on this machine), without user, query and fragment';
const AUDIENCE_HINT = "write what the provider's tokens for this server have as their audience, without spaces";
const ALGORITHMS_HINT = `write a list of ${ALGORITHMS.join(', ')}, each once, such as RS256,ES256`;

/** By which provider people sign in besides their passwords; without an issuer by none. */
export const oidcSettings = {
  OIDC_ISSUER: z.string().refine(isIssuer, ISSUER_HINT).optional(),
  OIDC_AUDIENCE: z
    .string()
    .regex(/^[!-~]{1,255}$/, AUDIENCE_HINT)
    .optional(),
  OIDC_ALGORITHMS: z.string().transform(readAlgorithms).default(['RS256', 'ES256']),
};

type OidcValues = z.output<z.ZodObject<typeof oidcSettings>>;

export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly Algorithm[];
}

/** Without an audience a token that was given to another program of the same provider would open this one. */
export function needsWholeOidc(values: Partial<OidcValues>, refusals: z.core.$RefinementCtx): void {
  for (const [one, other, message] of [
    ['OIDC_ISSUER', 'OIDC_AUDIENCE', AUDIENCE_HINT],
    ['OIDC_AUDIENCE', 'OIDC_ISSUER', ISSUER_HINT],
  ] as const) {
    if (values[one] !== undefined && values[other] === undefined) refusals.addIssue({ code: 'custom', path: [other], message });
  }
}

/** Undefined where nobody signs in by a provider. */
export function oidcConfig({
  OIDC_ISSUER: issuer,
  OIDC_AUDIENCE: audience,
  OIDC_ALGORITHMS: algorithms,
}: OidcValues): OidcConfig | undefined {
  return issuer === undefined || audience === undefined ? undefined : { issuer, audience, algorithms };
}

function isIssuer(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username !== '' || url.password !== '' || /[?#\s]/.test(text)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.includes(url.hostname));
}

function readAlgorithms(text: string, refusals: z.core.$RefinementCtx<string>): Algorithm[] {
  const named = text.split(',').map((part) => part.trim());
  const known = ALGORITHMS.filter((algorithm) => named.includes(algorithm));
  if (known.length !== named.length) refusals.addIssue(ALGORITHMS_HINT);
  return known;
}
