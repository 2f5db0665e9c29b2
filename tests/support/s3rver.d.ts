/** What the tests use of a package without types. */
declare module '@20minutes/s3rver' {
  // eslint-disable-next-line no-restricted-syntax -- as the package has it
  export default class S3rver {
    constructor(options: { address: string; port: number; silent: boolean; directory: string; vhostBuckets: boolean });
    store: { listObjects(...args: unknown[]): Promise<object> };
    run(): Promise<{ port: number }>;
    close(): Promise<void>;
  }
}
