import ipaddr from 'ipaddr.js';

/** Bits of an IPv6 address that one subscriber has for himself at the least (RFC 6177): he changes the others as he likes. */
const SUBSCRIBER_BITS = 64;

/** What an address is counted by: itself, or its network where addresses cost nothing. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${String(SUBSCRIBER_BITS)}`).toString();
}
