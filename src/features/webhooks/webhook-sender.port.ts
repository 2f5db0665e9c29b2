export interface WebhookRequest {
  /** Whose receiver it is: the id of the endpoint. What one of them does is never laid to another, also where both are at one host. */
  readonly endpoint: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/**
 * What became of a try.
 * ANSWERED: with this status, whatever it is; retryAfterMs is what the receiver asked for.
 * FAILED: no answer; `reason` is a sentence of our own, without anything that the far side said.
 * HELD: nothing was sent, because this receiver has failed too often or is being sent too much at once; no other try to
 * this endpoint is of use before delayMs.
 */
export type WebhookOutcome =
  | { readonly kind: 'ANSWERED'; readonly status: number; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'FAILED'; readonly reason: string }
  | { readonly kind: 'HELD'; readonly reason: string; readonly delayMs: number };

/** The way to the receivers' servers. */
export interface WebhookSender {
  /** Why nothing may be sent to this URL, as a sentence for a person; undefined where it may. Looks at the text only, asks no name server. */
  urlFault(url: string): string | undefined;
  /** One POST, never repeated by itself, following no redirects, to a public address only. Rejects only where the signal is aborted. */
  send(request: WebhookRequest, signal: AbortSignal): Promise<WebhookOutcome>;
}
