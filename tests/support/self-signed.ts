import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A certificate that nobody vouches for but itself, made for one run: { key, cert } as PEM. For 127.0.0.1 and localhost. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = certificateOf(privateKey, publicKey);
  const base64 = certificate.toString('base64').replace(/.{1,64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`,
  };
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const CONTEXT_0 = 0xa0;
const CONTEXT_3 = 0xa3;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
/** ecdsa-with-SHA256, commonName, subjectAltName, as their encoded bytes. */
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];

function der(tag: number, ...parts: readonly (Buffer | readonly number[] | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)));
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** X.509 version 3 (RFC 5280, section 4.1). */
function certificateOf(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const algorithm = der(SEQUENCE, der(OID, ECDSA_SHA256));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8_STRING, 'a far side of tests'))));
  const names = der(SEQUENCE, der(DNS_NAME, 'localhost'), der(IP_ADDRESS, [127, 0, 0, 1]));
  const extensions = der(SEQUENCE, der(SEQUENCE, der(OID, ALTERNATIVE_NAME), der(OCTET_STRING, names)));
  const body = der(
    SEQUENCE,
    der(CONTEXT_0, der(INTEGER, [2])),
    der(INTEGER, [1]),
    algorithm,
    name,
    der(SEQUENCE, der(UTC_TIME, '200101000000Z'), der(UTC_TIME, '491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(CONTEXT_3, extensions),
  );
  return der(SEQUENCE, body, algorithm, der(BIT_STRING, [0], sign('sha256', body, privateKey)));
}
