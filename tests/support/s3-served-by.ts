/** Says in a suite's name which server its S3 is; the reporter reads it back. A file of its own: a reporter may not import `vitest`. */
export const S3_SERVED_BY = /S3 \((.+)\)$/;

export function s3ServedBy(server: string): string {
  return `S3 (${server})`;
}
