/** How a client names a row: by its own id, undefined where the client's global id was none of such a row. */
export interface RowRef {
  readonly id: string | undefined;
}
