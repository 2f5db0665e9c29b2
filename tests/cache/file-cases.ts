import type { MutationCase } from './mutation-case.js';

export const FILE_CASES: readonly MutationCase[] = [
  {
    mutation: 'fileUploadStart',
    what: 'nothing is shown before it is complete',
    act: ({ ids }) =>
      `input: { stockItem: { id: "${ids.bread}" }, kind: PHOTO, name: "bread.png", contentType: "image/png", sizeBytes: 9 }`,
    shows: [],
  },
  {
    mutation: 'fileUploadComplete',
    what: 'it is a file of its item',
    act: ({ ids }) => `id: "${ids.upload}"`,
    shows: ['breadFiles'],
  },
  {
    mutation: 'fileDelete',
    what: 'it is gone',
    act: ({ ids }) => `id: "${ids.file}"`,
    shows: ['breadFiles'],
  },
];
