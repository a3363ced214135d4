/** The log of a service: JSON lines without secrets. */
import { type DestinationStream, type Logger, pino } from 'pino';
import { redactedValue, withoutSecrets } from '../service/redact.ts';

export function serviceLog(destination: DestinationStream): Logger {
  const log = (fields: Record<string, unknown>) => redactedValue(fields) as Record<string, unknown>;
  return pino({ base: null, formatters: { log }, hooks: { streamWrite: withoutSecrets } }, destination);
}
