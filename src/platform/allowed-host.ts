const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const MAX_PORT = 65_535;

/** A host that the operator lets be asked whatever it is; without a port: at any. */
export interface AllowedHost {
  /** As a URL writes it: in lower case, an IPv6 address in brackets. */
  readonly hostname: string;
  readonly port: number | undefined;
}

/** host or host:port, an IPv6 address in brackets; undefined for what is none. */
export function readAllowedHost(text: string): AllowedHost | undefined {
  const [, host = '', digits] = /^(\[[\da-f:.]+\]|[\p{L}\p{N}._-]+)(?::(\d{1,5}))?$/iu.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (host === '' || (port !== undefined && (port < 1 || port > MAX_PORT)) || !URL.canParse(`http://${host}`)) return undefined;
  return { hostname: new URL(`http://${host}`).hostname, port };
}

/** Whether the operator said by name that this may be asked. */
export function isAllowedHost(url: URL, allowed: readonly AllowedHost[]): boolean {
  return allowed.some(({ hostname, port }) => hostname === url.hostname && (port === undefined || port === portOf(url)));
}

/** Of http or https. */
export function portOf({ protocol, port }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'http:' ? HTTP_PORT : HTTPS_PORT;
}
