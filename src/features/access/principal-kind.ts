/** What a principal is: an API key, or a person as a member of the shop. */
export type PrincipalKind = 'KEY' | 'PERSON';
