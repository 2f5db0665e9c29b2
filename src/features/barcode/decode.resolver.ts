import 'reflect-metadata';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { requireActor } from '../access/index.js';
import type { BarcodeContext } from './barcode.context.js';
import { BarcodeDecodePayload } from './decode.schema.js';

@Resolver()
export class DecodeResolver {
  @Mutation(() => BarcodeDecodePayload, {
    description:
      "The codes in a photo, without scanning them: nothing moves and nothing is kept. image: a JPEG, PNG or WebP as Base64. The whole request must fit the limit of a request's body, which is 1 MiB unless the server is told otherwise: some 750 kB of image. POST /scan takes more.",
  })
  barcodeDecode(@Arg('image', () => String) image: string, @Ctx() ctx: BarcodeContext) {
    return mutationPayload(async () => ({ codes: await ctx.barcode.photos.decodeBase64(requireActor(ctx), image) }), {
      codes: [],
    });
  }
}
