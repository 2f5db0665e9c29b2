/** What a file of an item is for: a photo is shown, an attachment is kept. */
export const FILE_KINDS = ['PHOTO', 'ATTACHMENT'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'] as const;
export const TEXT_TYPES = ['text/plain', 'text/csv'] as const;
const PDF = 'application/pdf';

/** The types that can be sent, by what they are for. Images are drawn anew, all else is kept as it came. */
export const TYPES_OF_KIND: Readonly<Record<FileKind, readonly string[]>> = {
  PHOTO: IMAGE_TYPES,
  ATTACHMENT: [...IMAGE_TYPES, PDF, ...TEXT_TYPES],
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/avif': 'avif',
  [PDF]: 'pdf',
  'text/plain': 'txt',
  'text/csv': 'csv',
};
/** Endings that mean the same. */
const ALIASES: Readonly<Record<string, string>> = { jpeg: 'jpg', jpe: 'jpg' };

export function isImage(type: string): boolean {
  return (IMAGE_TYPES as readonly string[]).includes(type);
}

export function isText(type: string): boolean {
  return (TEXT_TYPES as readonly string[]).includes(type);
}

/** A media type without its parameters, in lower case (RFC 9110, section 8.3.1). */
export function bareType(contentType: string): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** How a type is served. Texts are checked to be UTF-8. */
export function servedType(type: string): string {
  return isText(type) ? `${type}; charset=utf-8` : type;
}

/** The name with the ending of what the file is: one that says otherwise keeps its own and gets the true one behind it. */
export function withExtension(name: string, type: string): string {
  const wanted = EXTENSIONS[type] ?? '';
  const [, stem = name, ending = ''] = /^(.*)\.([^.]{1,8})$/su.exec(name) ?? [];
  const given = ending.toLowerCase();
  if ((ALIASES[given] ?? given) === wanted) return name;
  // A photo that was sent as PNG and is kept as JPEG is not called photo.png.jpg.
  const wasImage = isImage(type) && Object.values(EXTENSIONS).includes(ALIASES[given] ?? given);
  return `${wasImage ? stem : name}.${wanted}`;
}
