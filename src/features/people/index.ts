export { Invitation } from './invitation.entity.js';
export { Membership } from './membership.entity.js';
export { forgetInvitations, forgetSessions } from './people-retention.repository.js';
export { accountData, memberData } from './person-data.service.js';
export { Person } from './person.entity.js';
