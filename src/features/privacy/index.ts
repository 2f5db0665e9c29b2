export type { PersonalDataKeeper } from './personal-data.port.js';
export type { PrivacyContext } from './privacy.context.js';
export { PrivacyResolver } from './privacy.resolver.js';
export { PrivacyService } from './privacy.service.js';
