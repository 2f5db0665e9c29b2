/**
 * In the order of seq. Those without one keep their place; those with the same seq keep their order. Gives the indexes of the list, so that
 * answers can be put back in the order of the questions.
 */
export function orderBySeq(scans: readonly { readonly seq?: number | undefined }[]): number[] {
  const numbered = scans.flatMap(({ seq }, index) => (seq === undefined ? [] : [{ seq, index }]));
  const inOrder = [...numbered].sort((a, b) => a.seq - b.seq || a.index - b.index);
  const order = scans.map((_, index) => index);
  for (const [place, { index }] of inOrder.entries()) {
    const at = numbered[place]?.index;
    if (at !== undefined) order[at] = index;
  }
  return order;
}
