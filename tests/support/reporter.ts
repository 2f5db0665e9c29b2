import type { Reporter, TestModule } from 'vitest/node';
import { LEFT_OUT } from './left-out.js';
import { S3_SERVED_BY } from './s3-served-by.js';

/** Says at the end which suites were left out and why, and which S3 the others had, so that a green run on a bare machine does not look like a whole one. */
export class LeftOutReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const servers = new Set<string>();
    for (const testModule of modules) {
      for (const suite of testModule.children.allSuites()) {
        const server = S3_SERVED_BY.exec(suite.name)?.[1];
        if (server !== undefined) servers.add(server);
        const reason = LEFT_OUT.exec(suite.name)?.[1];
        if (reason === undefined) continue;
        console.log(`Left out: ${suite.name.replace(LEFT_OUT, '')} (${testModule.relativeModuleId}): ${reason}`);
      }
    }
    for (const server of servers) console.log(`S3 in the tests: ${server}`);
  }
}
