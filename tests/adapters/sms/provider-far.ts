import { Outbound } from '../../../src/adapters/http/outbound.js';
import { createSms, type SmsSettings } from '../../../src/adapters/sms/create-sms.js';
import type { DeliveryReport, ReportRequest, SmsPort } from '../../../src/features/notifications/sms.port.js';
import { createLogger } from '../../../src/platform/log.js';
import { NO_OUTBOUND_METRICS } from '../../../src/platform/outbound-metrics.js';
import { answers, MisbehavingServer, rateLimits, type Manner, type SeenRequest } from '../../support/misbehaving-server.js';
import type { SmsFar, SmsManner } from './sms.contract.js';

type Told = DeliveryReport['outcome'] | 'ON_ITS_WAY';

/** How a provider's server answers, and what it reports. */
export interface ProviderManners {
  readonly settings: Omit<SmsSettings, 'url'> & { readonly path: string };
  readonly takes: Manner;
  readonly numberRefused: Manner;
  readonly read: (request: SeenRequest) => { to: string; text: string };
  readonly report: (reference: string, told: Told) => ReportRequest;
}

const SLOW_DOWN_S = 7;

/** A server that speaks as the provider does, and a way out that leads to it. */
export async function providerFar(manners: ProviderManners): Promise<SmsFar & { readonly server: MisbehavingServer }> {
  const server = await MisbehavingServer.open();
  const { path, ...settings } = manners.settings;
  const log = createLogger({ level: 'silent' });
  const outbound = new Outbound('sms', {}, { log, metrics: NO_OUTBOUND_METRICS });
  const port: SmsPort = createSms(
    outbound,
    { ...settings, url: `${server.url}${path}` },
    'https://stock.example/sms/reports/secret',
  );
  const taken: SeenRequest[] = [];
  const byName: Readonly<Record<SmsManner, Manner>> = {
    TAKES: (request, response) => {
      const seen = server.requests.at(-1);
      if (seen) taken.push(seen);
      manners.takes(request, response);
    },
    NUMBER_REFUSED: manners.numberRefused,
    NOT_NOW: answers(500, { error: 'sorry' }),
    SLOW_DOWN: rateLimits(SLOW_DOWN_S),
    KEY_REFUSED: answers(401, { error: 'who are you' }),
    HANGS_UP: (request) => {
      request.socket.destroy();
    },
  };
  server.behave(byName.TAKES);
  return {
    ...{ port, server },
    behave: (first, ...others) => {
      server.behave(byName[first], ...others.map((name) => byName[name]));
    },
    taken: () => taken.map(manners.read),
    report: manners.report,
    close: async () => {
      outbound.close();
      await server.close();
    },
  };
}

export function formReport(fields: Record<string, string>): ReportRequest {
  return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString(), query: {} };
}

export function jsonReport(body: object): ReportRequest {
  return { contentType: 'application/json; charset=utf-8', body: JSON.stringify(body), query: {} };
}
