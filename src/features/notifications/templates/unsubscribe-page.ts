import type { Language } from '../notification-kinds.js';
import { escapeHtml } from './plain.js';

interface PageWords {
  readonly title: string;
  readonly ask: (shop: string) => string;
  readonly button: string;
  readonly done: (shop: string) => string;
}

const WORDS: Readonly<Record<Language, PageWords>> = {
  EN: {
    title: 'Stop e-mails',
    ask: (shop) => `Stop all e-mails about stock from ${shop} to this address?`,
    button: 'Stop them',
    done: (shop) => `${shop} sends no more e-mails to this address. The shop can switch them on again.`,
  },
  ZU: {
    title: 'Misa ama-imeyili',
    ask: (shop) => `Misa wonke ama-imeyili esitoko avela ku-${shop} eza kuleli kheli?`,
    button: 'Wamise',
    done: (shop) => `I-${shop} ayisathumeli ama-imeyili kuleli kheli. Isitolo singawavula futhi.`,
  },
  AF: {
    title: 'Stop e-posse',
    ask: (shop) => `Stop alle e-posse oor voorraad van ${shop} na hierdie adres?`,
    button: 'Stop hulle',
    done: (shop) => `${shop} stuur nie meer e-posse na hierdie adres nie. Die winkel kan dit weer aanskakel.`,
  },
};

/** ASK: with a button that does it; a form without an action goes to the page's own address. DONE: says that it is so. */
export function unsubscribePage({ shop, language }: { shop: string; language: Language }, step: 'ASK' | 'DONE'): string {
  const words = WORDS[language];
  const form = `<form method="post"><button type="submit" name="confirm" value="yes">${escapeHtml(words.button)}</button></form>`;
  const body = step === 'ASK' ? `<p>${escapeHtml(words.ask(shop))}</p>${form}` : `<p>${escapeHtml(words.done(shop))}</p>`;
  return [
    '<!doctype html>',
    `<html lang="${language.toLowerCase()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<meta name="robots" content="noindex"><title>${escapeHtml(words.title)}</title></head>`,
    `<body><h1>${escapeHtml(words.title)}</h1>${body}</body></html>`,
    '',
  ].join('\n');
}
