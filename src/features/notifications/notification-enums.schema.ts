import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';
import { CHANNELS, LANGUAGES, NOTICE_KINDS, NOTIFICATION_FORMS, NOTIFICATION_STATES } from './notification-kinds.js';

function enumOf(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value) => [value, value]));
}

export const ChannelEnum = enumOf(CHANNELS);
registerEnumType(ChannelEnum, { name: 'NotificationChannel' });

export const LanguageEnum = enumOf(LANGUAGES);
registerEnumType(LanguageEnum, { name: 'NotificationLanguage', description: 'English, isiZulu, Afrikaans.' });

export const NoticeKindEnum = enumOf(NOTICE_KINDS);
registerEnumType(NoticeKindEnum, { name: 'NotificationKind', description: 'What a person can be told of.' });

export const NotificationFormEnum = enumOf(NOTIFICATION_FORMS);
registerEnumType(NotificationFormEnum, { name: 'NotificationForm', description: 'Of one alert, or of several.' });

const told = (description: string): { description: string } => ({ description });
export const NotificationStateEnum = enumOf(NOTIFICATION_STATES);
registerEnumType(NotificationStateEnum, {
  name: 'NotificationState',
  valuesConfig: {
    QUEUED: told('It collects, waits for its time, or is tried again.'),
    SENT: told('The far side has taken it.'),
    DELIVERED: told('The far side says that it arrived.'),
    FAILED: told('It will not arrive; reason says why.'),
    PAUSED: told('Nobody was to be told at this address.'),
    KEPT: told('Nothing is set up to send it; its text can be read here.'),
  },
});
