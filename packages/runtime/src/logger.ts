import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";

/** A pino logger: fields first, then a constant lower-case message. */
export type Logger = PinoLogger;

/**
 * Names of the levels, most severe first, and what each is for:
 *
 * - `fatal`: the process cannot go on and ends.
 * - `error`: something was lost or refused that should not have been; a person should look.
 * - `warn`: unexpected but handled, for example a reconnect or a lost lease. Often is a reason to look.
 * - `info`: what an operator wants to read of a healthy run, some lines per trial.
 * - `debug`: steps inside an operation, some lines per epoch.
 * - `trace`: every message.
 * - `silent`: nothing.
 */
export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** One of LOG_LEVELS. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a service's logger needs. */
export interface LoggerOptions {
  /** Name of the service, on every line. */
  readonly service: string;
  /** Id of this process among its peers, on every line. */
  readonly instance: string;
  /** Least severe level that is written. */
  readonly level: LogLevel;
  /** Where lines go; standard output by default, written synchronously so that an exit loses none. */
  readonly destination?: DestinationStream;
}

/** Makes the root logger of a process. It writes one JSON document a line. */
export function createLogger({ service, instance, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service, instance },
    messageKey: "message",
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.err },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
