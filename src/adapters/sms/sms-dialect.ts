import type { OutboundRequest, Reply } from '../http/exchange.js';
import type { Handover } from '../../features/notifications/delivery.port.js';
import type { DeliveryReport, ReportRequest, Sms } from '../../features/notifications/sms.port.js';

/** How one provider is spoken to. */
export interface SmsDialect {
  readonly name: string;
  request(sms: Sms): OutboundRequest;
  /** What an answer means that is no failure of the server and no refusal of who we are. Throws DeliveryError. */
  readReply(reply: Reply): Handover;
  /** See SmsPort. */
  readReports(fields: ReportFields, request: ReportRequest): DeliveryReport[] | undefined;
}

/** What a report carries, form, JSON or query alike; undefined for a body that is none of them. */
export type ReportFields = Readonly<Record<string, unknown>>;

/** The fields of a report: of its query, and over them those of its body. */
export function fieldsOf({ contentType, body, query }: ReportRequest): ReportFields | undefined {
  if (body.trim() === '') return query;
  if (!contentType.includes('json')) return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  const parsed = jsonObject(body);
  return parsed && { ...query, ...parsed };
}

/** Undefined for a text that is no JSON object. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return objectOf(parsed);
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

/** The objects of a list; none where it is no list. */
export function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(objectOf).filter((one) => one !== undefined) : [];
}

/** A text or a number as text; undefined for anything else, and for an empty one. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
