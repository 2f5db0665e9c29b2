import type { Clock } from '../../kernel/clock.js';
import { NotFoundError } from '../../kernel/errors.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor, RowRef } from '../access/index.js';
import type { StockAlert } from './stock-alert.entity.js';
import { StockAlertRepository } from './stock-alert.repository.js';

/** What people do with alerts. They open and resolve by themselves. */
export class StockAlertService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes who has seen it, and when. Whoever was first stays: a second one changes nothing and is shown the first, which is what somebody wants to
   * know who comes second. One whose cause is gone meanwhile may still be acknowledged. Refuses NOT_FOUND.
   */
  acknowledge(actor: Actor, { id }: RowRef): Promise<StockAlert> {
    return this.work.run(actor, async ({ em }) => {
      const alerts = new StockAlertRepository(em, actor.shopId);
      const alert = id === undefined ? undefined : await alerts.findForUpdate(id);
      if (!alert) throw new NotFoundError('The shop has no such alert.', ['id']);
      alert.acknowledge(alerts.principal(actor.actorId), this.clock.now());
      return alert;
    });
  }
}
