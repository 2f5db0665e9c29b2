import type { DeliveryReportService } from './delivery-report.service.js';
import type { ReportRequest } from './sms.port.js';

/** Where a provider reports to; undefined where no token opens it. */
export function smsReportDoor(service: DeliveryReportService, token: string | undefined) {
  if (token === undefined) return undefined;
  return { token, take: (request: ReportRequest) => service.take(request) };
}
