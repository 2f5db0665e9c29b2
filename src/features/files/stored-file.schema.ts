import 'reflect-metadata';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import { StockItemRef } from '../catalog/index.js';
import { FILE_KINDS, type FileKind } from './file-types.js';

export const FileKindEnum = Object.fromEntries(FILE_KINDS.map((kind) => [kind, kind]));
registerEnumType(FileKindEnum, { name: 'FileKind', description: 'PHOTO: shown with the item. ATTACHMENT: kept with it.' });

@ObjectType('StoredFile', { implements: Node, simpleResolvers: true, description: 'A photo or a document of an item.' })
export class StoredFileType extends Node {
  @Field(() => FileKindEnum)
  kind!: FileKind;

  @Field(() => String, { description: 'As the client called it, cleaned, with the ending of what it is.' })
  name!: string;

  @Field(() => String, { description: 'By its bytes. Images are drawn anew when they come in, and may be of another type then.' })
  contentType!: string;

  @Field(() => Int, { description: 'Of what url gives.' })
  sizeBytes!: number;

  @Field(() => DateTimeScalar)
  createdAt!: Date;
}

@ObjectType('HttpHeader', { simpleResolvers: true })
export class HttpHeader {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType('FileUpload', {
  simpleResolvers: true,
  description:
    'Leave to upload one file: PUT its bytes to url with these headers, once, and then call fileUploadComplete with id.',
})
export class FileUpload {
  @Field(() => ID, { description: 'Of the file that it will be.' })
  id!: string;

  @Field(() => String)
  url!: string;

  @Field(() => [HttpHeader], { description: 'To be sent as they stand. A browser sends content-length by itself.' })
  headers!: HttpHeader[];

  @Field(() => DateTimeScalar, { description: 'Until when url takes the file and fileUploadComplete takes id.' })
  expiresAt!: Date;
}

@InputType('FileUploadInput')
export class FileUploadInput {
  @Field(() => StockItemRef)
  stockItem!: StockItemRef;

  @Field(() => FileKindEnum)
  kind!: FileKind;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'What the bytes are, such as image/jpeg or application/pdf.' })
  contentType!: string;

  @Field(() => Int, { description: 'Exactly so many bytes are taken.' })
  sizeBytes!: number;
}

@ObjectType('FileUploadStartPayload', { simpleResolvers: true })
export class FileUploadStartPayload {
  @Field(() => FileUpload, { nullable: true })
  upload?: FileUpload | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('FileUploadCompletePayload', { simpleResolvers: true })
export class FileUploadCompletePayload {
  @Field(() => StoredFileType, { nullable: true })
  file?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('FileDeletePayload', { simpleResolvers: true })
export class FileDeletePayload {
  @Field(() => ID, { nullable: true })
  deletedId?: string | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
