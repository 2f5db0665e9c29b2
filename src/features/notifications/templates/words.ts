import type { Language, NoticeKind } from '../notification-kinds.js';

/** What of an alert is told. Quantities are texts, as a person reads them. */
export interface ToldAlert {
  readonly kind: NoticeKind;
  readonly item: string;
  readonly sku: string;
  readonly location: string;
  readonly unit: string;
  /** As it is when it is told. */
  readonly onHand: string;
  /** Null where the level has none. */
  readonly reorderPoint: string | null;
  readonly isResolved: boolean;
}

/** What a message is made of. alerts: the first ones; total: how many there are. */
export interface ToldNotification {
  readonly language: Language;
  readonly shop: string;
  readonly recipient: string;
  readonly total: number;
  readonly alerts: readonly ToldAlert[];
  readonly unsubscribeUrl: string;
}

/** The words of one language. Those of an SMS have only letters that it carries (GSM 03.38). */
export interface Words {
  readonly kind: Readonly<Record<NoticeKind, string>>;
  readonly greeting: (name: string) => string;
  readonly subject: (alert: Pick<ToldAlert, 'item' | 'kind'>) => string;
  readonly digestSubject: (total: number, shop: string) => string;
  readonly single: (shop: string) => string;
  readonly digest: (total: number, shop: string) => string;
  readonly line: (alert: ToldAlert) => string;
  readonly left: (onHand: string) => string;
  readonly resolved: string;
  readonly more: (count: number) => string;
  readonly whyYou: (shop: string) => string;
  readonly unsubscribe: string;
  readonly smsMore: (count: number) => string;
  readonly smsDigest: (total: number, shop: string) => string;
  /** How a person stops them, where there is room for it. */
  readonly smsStop: string;
  readonly columns: readonly [item: string, place: string, what: string, left: string];
}

const EN: Words = {
  kind: { LOW_STOCK: 'Low stock', OUT_OF_STOCK: 'Out of stock', NEGATIVE_STOCK: 'Stock below zero' },
  greeting: (name) => `Hello ${name},`,
  subject: ({ item, kind }) => `${EN.kind[kind]}: ${item}`,
  digestSubject: (total, shop) => `${String(total)} stock alerts at ${shop}`,
  single: (shop) => `One item at ${shop} needs a look:`,
  digest: (total, shop) => `${String(total)} alerts at ${shop} need a look:`,
  line: (alert) => `${EN.kind[alert.kind]}: ${alert.item} (${alert.sku}), ${alert.location}: ${EN.left(amount(alert))}`,
  left: (onHand) => `${onHand} left`,
  resolved: 'settled since',
  more: (count) => `… and ${String(count)} more.`,
  whyYou: (shop) => `You get this because ${shop} put you on its list of people to tell.`,
  unsubscribe: 'Stop these e-mails',
  smsMore: (count) => `+${String(count)} more`,
  smsDigest: (total, shop) => `${shop}: ${String(total)} stock alerts.`,
  smsStop: 'Stop: ask the shop',
  columns: ['Item', 'Place', 'What', 'Left'],
};

const ZU: Words = {
  kind: { LOW_STOCK: 'Isitoko siphansi', OUT_OF_STOCK: 'Isitoko siphelile', NEGATIVE_STOCK: 'Isitoko singaphansi kukaziro' },
  greeting: (name) => `Sawubona ${name},`,
  subject: ({ item, kind }) => `${ZU.kind[kind]}: ${item}`,
  digestSubject: (total, shop) => `Izexwayiso zesitoko ezingu-${String(total)} e-${shop}`,
  single: (shop) => `Kukhona into edinga ukubhekwa e-${shop}:`,
  digest: (total, shop) => `Kunezexwayiso ezingu-${String(total)} e-${shop}:`,
  line: (alert) => `${ZU.kind[alert.kind]}: ${alert.item} (${alert.sku}), ${alert.location}: ${ZU.left(amount(alert))}`,
  left: (onHand) => `kusele ${onHand}`,
  resolved: 'sekulungisiwe',
  more: (count) => `… nezinye ezingu-${String(count)}.`,
  whyYou: (shop) => `Uthola lo mlayezo ngoba i-${shop} ikufake ohlwini lwabantu abaziswayo.`,
  unsubscribe: 'Misa lawa ma-imeyili',
  smsMore: (count) => `+${String(count)} ezinye`,
  smsDigest: (total, shop) => `${shop}: izexwayiso ezingu-${String(total)}.`,
  smsStop: 'Ukumisa: tshela isitolo',
  columns: ['Into', 'Indawo', 'Okwenzekile', 'Okusele'],
};

const AF: Words = {
  kind: { LOW_STOCK: 'Voorraad laag', OUT_OF_STOCK: 'Uit voorraad', NEGATIVE_STOCK: 'Voorraad onder nul' },
  greeting: (name) => `Hallo ${name},`,
  subject: ({ item, kind }) => `${AF.kind[kind]}: ${item}`,
  digestSubject: (total, shop) => `${String(total)} voorraadwaarskuwings by ${shop}`,
  single: (shop) => `Een item by ${shop} moet aandag kry:`,
  digest: (total, shop) => `${String(total)} waarskuwings by ${shop}:`,
  line: (alert) => `${AF.kind[alert.kind]}: ${alert.item} (${alert.sku}), ${alert.location}: ${AF.left(amount(alert))}`,
  left: (onHand) => `${onHand} oor`,
  resolved: 'intussen reggestel',
  more: (count) => `… en nog ${String(count)}.`,
  whyYou: (shop) => `Jy kry hierdie boodskap omdat ${shop} jou op die lys gesit het van mense wat laat weet word.`,
  unsubscribe: 'Stop hierdie e-posse',
  smsMore: (count) => `+${String(count)} meer`,
  smsDigest: (total, shop) => `${shop}: ${String(total)} voorraadwaarskuwings.`,
  smsStop: 'Stop: vra die winkel',
  columns: ['Item', 'Plek', 'Wat', 'Oor'],
};

export const WORDS: Readonly<Record<Language, Words>> = { EN, ZU, AF };

/** "3 kg"; the unit of single things says nothing. */
export function amount({ onHand, unit }: Pick<ToldAlert, 'onHand' | 'unit'>): string {
  return unit === 'each' ? onHand : `${onHand} ${unit}`;
}
