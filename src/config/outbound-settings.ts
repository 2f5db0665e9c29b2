import { z } from 'zod';

const MAX_CONTACT_LENGTH = 200;

/** What all requests to outside services share. */
export const outboundSettings = {
  OUTBOUND_CONTACT: z
    .string()
    .max(MAX_CONTACT_LENGTH, 'write a web address or a mail address, at most 200 characters')
    .regex(/^[!-'*-~]+$/, 'write a web address or a mail address, without spaces and brackets')
    .optional(),
};

export interface OutboundConfig {
  /** Where whoever runs this server is reached; sent to outside services with the program's name. */
  readonly contact: string | undefined;
}

export function outboundConfig({ OUTBOUND_CONTACT }: { readonly OUTBOUND_CONTACT?: string | undefined }): OutboundConfig {
  return { contact: OUTBOUND_CONTACT };
}
