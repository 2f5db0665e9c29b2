import type { ImageCode } from '../../features/barcode/code-reader.port.js';
import { Ballot } from './ballot.js';
import { lookAt } from './engine.js';
import { openImage } from './gray-image.js';
import { VIEWS } from './views.js';

/** Further views for the sake of what is in doubt, once something is certain. */
const MAX_VIEWS_FOR_DOUBTS = 3;

/** The codes in an image, looked at again and again until nothing is in doubt or `budgetMs` are over. Throws CodeReaderError. */
export async function findCodes(bytes: Uint8Array, budgetMs: number): Promise<ImageCode[]> {
  const end = performance.now() + budgetMs;
  const { image: photo, shrunkBy } = await openImage(bytes);
  const ballot = new Ballot();
  let doubts = 0;
  for (const make of VIEWS) {
    const view = await make(photo);
    if (view === undefined) continue;
    ballot.add(await lookAt(view.image), view);
    if (ballot.hasCertain) doubts += 1;
    if (ballot.isClear || doubts > MAX_VIEWS_FOR_DOUBTS || performance.now() > end) break;
  }
  return ballot.codes().map((code) => ({
    ...code,
    position: code.position.map(({ x, y }) => ({ x: Math.round(x * shrunkBy), y: Math.round(y * shrunkBy) })),
  }));
}
