/** The ways to a person. */
export const CHANNELS = ['EMAIL', 'SMS'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a person can be told of. */
export const NOTICE_KINDS = ['LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** English, isiZulu, Afrikaans. */
export const LANGUAGES = ['EN', 'ZU', 'AF'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * QUEUED: it waits, collects, or is tried again. SENT: the far side has taken it. DELIVERED: the far side says that it arrived. FAILED: it never
 * will. PAUSED: nobody was to be told at this address. KEPT: nothing to send it with is set up; its text can be read here.
 */
export const NOTIFICATION_STATES = ['QUEUED', 'SENT', 'DELIVERED', 'FAILED', 'PAUSED', 'KEPT'] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** SINGLE: of one alert. DIGEST: of several. */
export const NOTIFICATION_FORMS = ['SINGLE', 'DIGEST'] as const;
export type NotificationForm = (typeof NOTIFICATION_FORMS)[number];
