import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Everything that is routed for the public stands in it (RFC 4291, section 2.4; IANA gives out nothing else). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Stand among public addresses, but are answered from within: the platform of Azure. */
const ANSWERED_FROM_WITHIN = ['168.63.129.16'];
/** The fifth and sixth group of an address that carries one of IPv4 (ISATAP, RFC 5214). */
const ISATAP_GROUPS = [0x0000_5efe, 0x0200_5efe];

/**
 * Whether an address is one that anybody on the internet could reach. What is not known to be public is not: private, loopback, link-local
 * (cloud metadata), shared (CGNAT), multicast, broadcast, reserved, documentation and benchmarking addresses, and those of IPv6 that carry an
 * IPv4 address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP), whatever that is. A text that is no address is not public either.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return !ANSWERED_FROM_WITHIN.includes(parsed.toString());
  const [, , , , fifth = 0, sixth = 0] = parsed.parts;
  return parsed.match(GLOBAL_UNICAST) && !ISATAP_GROUPS.includes(fifth * 0x1_0000 + sixth);
}
