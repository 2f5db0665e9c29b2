import { DomainError, NotFoundError } from '../../kernel/errors.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import { OutboxJobRepository } from './outbox-job.repository.js';

export class OutboxJobService {
  constructor(private readonly work: UnitOfWork) {}

  /**
   * Has what was set aside tried again, under the same id. Refuses NOT_FOUND what the shop does not have to do, and ALREADY_DONE what waits
   * already, or what another job of the same subject waits for.
   */
  async replay({ shopId }: Actor, id: string | undefined): Promise<string> {
    return this.work.run({ shopId }, async (transaction) => {
      const jobs = new OutboxJobRepository(transaction.em, shopId);
      if (id !== undefined && (await jobs.replay(id))) {
        transaction.note({ shopId, action: 'REPLAYED', subjectType: 'OutboxJob', subjectId: id });
        return id;
      }
      if (id !== undefined && (await jobs.isWaiting(id))) {
        throw new DomainError('ALREADY_DONE', 'This waits to be done already.', ['id']);
      }
      throw new NotFoundError('The shop has nothing of this id to be done.', ['id']);
    });
  }
}
