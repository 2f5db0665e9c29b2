import { DefaultLogger, type LogContext } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { ormConfig } from '../../mikro-orm.config.js';

const NOT_PLANNED = /^\s*(begin|commit|rollback|savepoint|release|set|select 1$)/i;

/** Keeps every statement as it is sent, parameters and all. */
class StatementLog extends DefaultLogger {
  static readonly statements: string[] = [];

  override logQuery({ query }: LogContext): void {
    if (query !== undefined && !NOT_PLANNED.test(query)) StatementLog.statements.push(query);
  }
}

export interface LoggedOrm {
  readonly orm: MikroORM;
  /** The statements that `work` sends, as the ORM logs them. */
  readonly statementsOf: (work: () => Promise<unknown>) => Promise<string[]>;
}

export function loggedOrm(url: string): LoggedOrm {
  const orm = new MikroORM({
    ...ormConfig(url),
    debug: ['query', 'query-params'],
    loggerFactory: (options) => new StatementLog(options),
  });
  const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    StatementLog.statements.length = 0;
    await work();
    return [...StatementLog.statements];
  };
  return { orm, statementsOf };
}
