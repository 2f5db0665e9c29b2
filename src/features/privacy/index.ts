export type { AccountKeeper, PersonalDataKeeper, PersonalRecord } from './personal-data.port.js';
export type { PrivacyContext } from './privacy.context.js';
export { PrivacyResolver } from './privacy.resolver.js';
export { PrivacyService, type Oneself } from './privacy.service.js';
