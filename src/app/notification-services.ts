import {
  collectingTimes,
  DeliveryReportService,
  FanOutService,
  NotificationRecipientService,
  NotificationSweep,
  SendDesk,
  SendService,
  UnsubscribeService,
} from '../features/notifications/index.js';
import type { Clock } from '../kernel/clock.js';
import type { UnitOfWork } from '../platform/unit-of-work.js';
import type { Adapters } from './adapters.js';

/** Who is told, and how he is reached. */
export function notificationServices(work: UnitOfWork, clock: Clock, { ways, windowMs, publicUrl }: Adapters['notifying']) {
  return {
    recipients: new NotificationRecipientService(work, clock),
    fanOut: new FanOutService(work, clock, collectingTimes(windowMs)),
    sender: new SendService(new SendDesk(work, clock, publicUrl), ways, clock),
    sweep: new NotificationSweep(work, clock),
    deliveryReports: new DeliveryReportService(work, clock, ways.SMS),
    unsubscribe: new UnsubscribeService(work, clock),
  };
}
