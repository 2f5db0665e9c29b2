import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { toGlobalId } from '../../graphql/global-id.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { refOf, requireActor } from '../access/index.js';
import { StockItemType, toItemRef, type StockItem } from '../catalog/index.js';
import type { StartedUpload } from './file.service.js';
import type { FilesContext } from './files.context.js';
import type { StoredFile } from './stored-file.entity.js';
import {
  FileDeletePayload,
  FileUploadCompletePayload,
  FileUploadInput,
  FileUploadStartPayload,
  StoredFileType,
} from './stored-file.schema.js';

@Resolver(() => StoredFileType)
export class StoredFileResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Gives the file to whoever has it, for an hour at the least; null where the store lost it.',
  })
  url(@Root() file: StoredFile, @Ctx() { files }: FilesContext): Promise<string | null> {
    return files.urls.of(file);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'As url, of at most 480 pixels a side; null for what is no image.',
  })
  thumbnailUrl(@Root() file: StoredFile, @Ctx() { files }: FilesContext): Promise<string | null> {
    return files.urls.thumbnailOf(file);
  }

  @Mutation(() => FileUploadStartPayload, { description: 'The first of three steps: start, PUT the bytes, complete.' })
  fileUploadStart(
    @Arg('input', () => FileUploadInput) { stockItem, ...input }: FileUploadInput,
    @Ctx() ctx: FilesContext,
  ): Promise<FileUploadStartPayload> {
    const draft = { ...input, stockItem: toItemRef(stockItem) };
    return mutationPayload(async () => ({ upload: toUpload(await ctx.files.service.start(requireActor(ctx), draft)) }));
  }

  @Mutation(() => FileUploadCompletePayload, {
    description:
      'Looks at what was put, by its bytes, and makes it a file of the item. Safe to send again. What is refused for its content is gone.',
  })
  fileUploadComplete(@Arg('id', () => ID) id: string, @Ctx() ctx: FilesContext): Promise<FileUploadCompletePayload> {
    return mutationPayload(async () => ({ file: await ctx.files.service.complete(requireActor(ctx), refOf('StoredFile', id)) }));
  }

  @Mutation(() => FileDeletePayload, { description: 'Of a file, or of an upload that is wanted no more.' })
  fileDelete(@Arg('id', () => ID) id: string, @Ctx() ctx: FilesContext): Promise<FileDeletePayload> {
    const act = async () =>
      toGlobalId('StoredFile', (await ctx.files.service.delete(requireActor(ctx), refOf('StoredFile', id))).id);
    return mutationPayload(async () => ({ deletedId: await act() }));
  }
}

@Resolver(() => StockItemType)
export class StockItemFilesResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Of its first photo, of at most 480 pixels a side. Good for an hour at the least.',
  })
  async photoUrl(@Root() item: StockItem, @Ctx() { files }: FilesContext): Promise<string | null> {
    const photo = await files.reader.photoOf(item);
    return photo ? files.urls.thumbnailOf(photo) : null;
  }

  @FieldResolver(() => [StoredFileType], { description: 'Photos and attachments, the first that came first; at most 20.' })
  files(@Root() item: StockItem, @Ctx() { files }: FilesContext): Promise<StoredFile[]> {
    return files.reader.ofItem(item);
  }
}

function toUpload({ file, put }: StartedUpload) {
  const headers = Object.entries(put.headers).map(([name, value]) => ({ name, value }));
  return { id: toGlobalId('StoredFile', file.id), url: put.url, headers, expiresAt: file.expiresAt };
}
