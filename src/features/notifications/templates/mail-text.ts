import { escapeHtml, oneLine } from './plain.js';
import { amount, WORDS, type ToldAlert, type ToldNotification, type Words } from './words.js';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const MAX_SUBJECT = 200;
/** Below the 600 px of a small screen; no picture, no font and no style from elsewhere. */
const CELL = 'padding:4px 12px 4px 0;text-align:left;vertical-align:top';

/** Subject, text and HTML of an e-mail. Names may hold anything: none of it becomes a line of the header or a part of the page. */
export function mailText(told: ToldNotification): MailText {
  const words = WORDS[told.language];
  const [first] = told.alerts;
  const subject = told.total === 1 && first ? words.subject(first) : words.digestSubject(told.total, told.shop);
  return { subject: oneLine(subject).slice(0, MAX_SUBJECT).toWellFormed(), text: plain(told, words), html: page(told, words) };
}

function intro({ total, shop }: ToldNotification, words: Words): string {
  return total === 1 ? words.single(shop) : words.digest(total, shop);
}

function plain(told: ToldNotification, words: Words): string {
  const lines = told.alerts.map((alert) => `- ${oneLine(words.line(alert))}${alert.isResolved ? ` (${words.resolved})` : ''}`);
  const rest = told.total - told.alerts.length;
  return [
    oneLine(words.greeting(told.recipient)),
    '',
    oneLine(intro(told, words)),
    '',
    ...lines,
    ...(rest > 0 ? [words.more(rest)] : []),
    '',
    '--',
    oneLine(words.whyYou(told.shop)),
    `${words.unsubscribe}: ${told.unsubscribeUrl}`,
    '',
  ].join('\n');
}

function page(told: ToldNotification, words: Words): string {
  const rest = told.total - told.alerts.length;
  const heads = words.columns.map((head) => `<th style="${CELL}">${escapeHtml(head)}</th>`).join('');
  const rows = told.alerts.map((alert) => `<tr>${cells(alert, words)}</tr>`).join('\n');
  return [
    '<!doctype html>',
    `<html lang="${told.language.toLowerCase()}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width"><title>${escapeHtml(intro(told, words))}</title></head>`,
    '<body style="font-family:sans-serif;color:#222;max-width:600px">',
    `<p>${escapeHtml(words.greeting(told.recipient))}</p>`,
    `<p>${escapeHtml(intro(told, words))}</p>`,
    `<table style="border-collapse:collapse"><thead><tr>${heads}</tr></thead><tbody>`,
    rows,
    '</tbody></table>',
    ...(rest > 0 ? [`<p>${escapeHtml(words.more(rest))}</p>`] : []),
    `<p style="color:#666;font-size:12px">${escapeHtml(words.whyYou(told.shop))}`,
    `<a href="${escapeHtml(told.unsubscribeUrl)}">${escapeHtml(words.unsubscribe)}</a></p>`,
    '</body></html>',
    '',
  ].join('\n');
}

function cells(alert: ToldAlert, words: Words): string {
  const what = alert.isResolved ? `${words.kind[alert.kind]} (${words.resolved})` : words.kind[alert.kind];
  return [`${alert.item} (${alert.sku})`, alert.location, what, amount(alert)]
    .map((text) => `<td style="${CELL}">${escapeHtml(text)}</td>`)
    .join('');
}
