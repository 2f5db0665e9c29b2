import 'reflect-metadata';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { nodesConnectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { AUDIT_ACTIONS, type AuditAction } from '../../platform/audit/audit-note.js';

export const AuditActionEnum = Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, action]));
registerEnumType(AuditActionEnum, {
  name: 'AuditAction',
  valuesConfig: {
    REPLAYED: { description: 'What had failed or was done before was asked for again.' },
    SIGNED_IN: { description: 'The subject is the member who did.' },
    SIGNED_OUT: { description: 'The subject is the member who did, here or everywhere.' },
    SIGN_IN_REFUSED: {
      description:
        'Somebody tried to sign in as the subject, and was not let in. Who it was nobody knows: actor is null, or the key that he came with. Up to two seconds late.',
    },
    EXPORTED: { description: "The subject's own data was handed out." },
    ERASED: { description: "The subject's own data was forgotten." },
  },
});

@ObjectType('AuditEntry', {
  implements: Node,
  simpleResolvers: true,
  description:
    'One thing that was done in the shop: by whom, from where, to what. Movements and scans are not here: the ledger is their record. It names things and their fields, never what stood in them, and is never changed.',
})
export class AuditEntryType extends Node {
  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The mutation by which it was done, or the job; null for a command of the operator.',
  })
  operation!: string | null;

  @Field(() => AuditActionEnum)
  action!: AuditAction;

  @Field(() => String, { description: 'The type of what it was done to, such as StockItem.' })
  subjectType!: string;

  @Field(() => [String], { description: 'What was changed of it; empty where that is not said.' })
  fields!: string[];

  @Field(() => Int, { description: 'Of how many such subjects the entry speaks: where it is more than one, subject is null.' })
  count!: number;

  @Field(() => String, { nullable: true, description: "The client's address; forgotten after a time." })
  address!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'By which the log of the server names the request; forgotten with the address.',
  })
  requestId!: string | null;
}

export const AuditEntryConnection = nodesConnectionOf(() => AuditEntryType, 'AuditEntry');

@InputType('AuditFilter', { description: 'What is left out narrows nothing.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'An API key or a member.' })
  actor?: string | null;

  @Field(() => ID, { nullable: true, description: 'What it was done to, whether or not it is still there.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: "A mutation's name, such as apiKeyRevoke." })
  operation?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'From then on.' })
  since?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Before then.' })
  until?: Date | null;
}
