import { isIP } from 'node:net';
import { isAllowedHost, portOf, type AllowedHost } from '../../platform/allowed-host.js';
import { isPublicAddress } from './public-address.js';

const MAX_URL_LENGTH = 2_000;
const HTTPS_PORT = 443;
/** Below stand the services of the system, of which none but 443 is a receiver of webhooks. */
const FIRST_FREE_PORT = 1_024;
/** Further services that browsers refuse to send a form to (the Fetch standard, "bad port"). */
const PORTS_OF_OTHERS = [
  1_719, 1_720, 1_723, 2_049, 3_659, 4_045, 4_190, 5_060, 5_061, 6_000, 6_566, 6_665, 6_666, 6_667, 6_668, 6_669, 6_679, 6_697,
  10_080,
];
/** Names that lead to the machine itself or into its own network (RFC 6761, RFC 6762, RFC 8375, ICANN). */
const NAMES_WITHIN = ['localhost', 'local', 'internal', 'home.arpa', 'localdomain', 'lan', 'intranet', 'corp', 'home'];

/**
 * Why nothing may be sent to a URL, as a sentence for whoever entered it; undefined where it may. Numbers in whatever notation are addresses
 * by the time they are looked at here, because a URL has one spelling once it was parsed. What a name leads to is looked at when it is asked.
 */
export function urlFault(text: string, allowed: readonly AllowedHost[]): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `A URL has at most ${String(MAX_URL_LENGTH)} characters.`;
  if (!URL.canParse(text)) return 'Write a whole URL, such as https://example.com/webhooks.';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Write a URL that begins with https://.';
  if (url.username !== '' || url.password !== '') return 'Leave the name and password out: verify the signature instead.';
  if (url.hash !== '') return 'Leave out what stands behind the #: it is never sent.';
  if (isAllowedHost(url, allowed)) return undefined;
  if (url.protocol === 'http:') return 'Write a URL that begins with https://: what is sent must not be read on the way.';
  return hostFault(url.hostname) ?? portFault(portOf(url));
}

function hostFault(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) {
    return isPublicAddress(bare) ? undefined : 'This address is not public: write one that can be reached from the internet.';
  }
  const labels = hostname.replace(/\.$/, '').split('.');
  const isWithin = NAMES_WITHIN.some((name) => labels.join('.') === name || labels.join('.').endsWith(`.${name}`));
  if (labels.length < 2 || isWithin) return 'This name is not public: write one that can be reached from the internet.';
  return undefined;
}

function portFault(port: number): string | undefined {
  if (port === HTTPS_PORT || (port >= FIRST_FREE_PORT && !PORTS_OF_OTHERS.includes(port))) return undefined;
  return 'Webhooks are not sent to this port: use 443 or one from 1024 on.';
}
