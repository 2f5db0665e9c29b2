export { Invitation } from './invitation.entity.js';
export { Membership } from './membership.entity.js';
export { Person } from './person.entity.js';
