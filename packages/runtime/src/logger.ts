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

/** Names that a line already uses, with their values where a fact may repeat them. */
type Taken = ReadonlyMap<string, unknown>;

/** Stands for the values of names that no fact can repeat. */
const OF_THE_LINE = Symbol("of the line");

/**
 * Creates the root logger of a process. It writes one JSON document per line, in which each key
 * stands once: a fact whose key the line has already gets an underscore, `message_` for `message`.
 */
export function createLogger({ service, instance, level, destination }: LoggerOptions): Logger {
  const base = { service, instance };
  const own = ["level", "time", "message"].map((name) => [name, OF_THE_LINE] as const);
  const taken: Taken = new Map<string, unknown>([...own, ...Object.entries(base)]);
  const options = {
    level,
    base,
    messageKey: "message",
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: renaming(taken) },
    serializers: { err: pino.stdSerializers.err },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return guarded(logger, taken, logger.child);
}

/**
 * Makes a logger's children keep the names apart, too.
 *
 * @param createChild - the method of pino; a child inherits the replaced one
 */
function guarded(logger: Logger, taken: Taken, createChild: Logger["child"]): Logger {
  const child = (bindings: object): Logger => {
    const bound = renaming(taken)(bindings);
    const own: Taken = new Map([...taken, ...Object.entries(bound)]);
    const made = createChild.call(logger, bound, { formatters: { log: renaming(own) } });
    return guarded(made as unknown as Logger, own, createChild);
  };
  return Object.assign(logger, { child });
}

/**
 * Returns a function that renames fields with a taken name, and drops those that repeat its value.
 */
function renaming(taken: Taken): (fields: object) => Record<string, unknown> {
  return (fields) => {
    if (!Object.keys(fields).some((name) => taken.has(name))) return fields as Record<string, unknown>;
    const renamed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) {
      if (taken.has(name) && taken.get(name) === value) continue;
      let free = name;
      while (taken.has(free) || (free !== name && free in fields)) free += "_";
      renamed[free] = value;
    }
    return renamed;
  };
}
