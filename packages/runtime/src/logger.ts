import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";

/** A pino logger. Calls pass fields first, then a constant message in lower case. */
export type Logger = PinoLogger;

/**
 * Names of the log levels, most severe first:
 *
 * - `fatal`: the process cannot continue and ends.
 * - `error`: a fault lost or refused something; an operator must look at it.
 * - `warn`: unexpected but handled, for example a reconnect or a lost lease. An operator looks if
 *   it repeats.
 * - `info`: the progress of a healthy run, some lines per trial.
 * - `debug`: steps of an operation, some lines per epoch.
 * - `trace`: every message.
 * - `silent`: nothing.
 */
export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** A name of a log level. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The configuration of the root logger of a service. */
export interface LoggerOptions {
  /** Name of the service; a field of every line. */
  readonly service: string;
  /** Id of this process among the processes of its service; a field of every line. */
  readonly instance: string;
  /** Least severe level that the logger writes. */
  readonly level: LogLevel;
  /**
   * Receiver of the lines.
   * @default standard output, written synchronously, so that an exit loses no line
   */
  readonly destination?: DestinationStream;
}

/** Creates the root logger of a process. It writes one JSON document per line. */
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
