import 'reflect-metadata';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { requireActor } from '../access/index.js';
import { requireOneself, type PrivacyContext } from './privacy.context.js';
import { PersonalDataErasePayload, PersonalDataExportPayload } from './privacy.schema.js';

@Resolver()
export class PrivacyResolver {
  @Mutation(() => PersonalDataExportPayload, {
    description:
      'All that the shop keeps of whoever has this e-mail address or mobile number. The audit log says that it was handed out.',
  })
  personalDataExport(@Arg('address', () => String) address: string, @Ctx() ctx: PrivacyContext) {
    return mutationPayload(async () => ({ data: await ctx.privacy.export(requireActor(ctx), address) }));
  }

  @Mutation(() => PersonalDataErasePayload, {
    description: 'Forgets that, for good. Movements stay as they are: they name pseudonyms only.',
  })
  personalDataErase(@Arg('address', () => String) address: string, @Ctx() ctx: PrivacyContext) {
    return mutationPayload(async () => ({ erased: await ctx.privacy.erase(requireActor(ctx), address) }), { erased: 0 });
  }

  @Mutation(() => PersonalDataExportPayload, {
    description:
      'The account of whoever has signed in, with all that is kept of him in the shops in which he is or was a member.',
  })
  myDataExport(@Ctx() ctx: PrivacyContext) {
    return mutationPayload(async () => ({ data: await ctx.privacy.exportOwn(requireOneself(ctx)) }));
  }

  @Mutation(() => PersonalDataErasePayload, {
    description: 'Forgets all that, for good. email is his own, to confirm it; IN_USE for the last owner of a shop.',
  })
  myDataErase(@Arg('email', () => String) email: string, @Ctx() ctx: PrivacyContext) {
    return mutationPayload(async () => ({ erased: await ctx.privacy.eraseOwn(requireOneself(ctx), email) }), { erased: 0 });
  }
}
