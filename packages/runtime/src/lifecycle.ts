// How a process starts, ends in order, and never outlives the program that started it.
import type { Readable } from "node:stream";
import { UserError } from "./errors.js";
import type { Logger } from "./logger.js";

/** Time that a closer gets unless it asks for another, in milliseconds. Three of them fit in the 30 s of Kubernetes. */
const CLOSER_DEADLINE_MS = 8_000;

/** Ends a process in order. */
export interface Shutdown {
  /** Aborted as soon as the shutdown begins. */
  readonly signal: AbortSignal;
  /**
   * Adds a closer. Closers run one after the other, last in, first out. One that fails or runs past its deadline is logged and
   * left behind. One added while the shutdown runs is run as well.
   */
  add(name: string, close: () => Promise<void> | void, deadlineMs?: number): void;
  /** Runs the closers, then ends the process. Only the first call counts. */
  begin(reason: string, exitCode?: number): Promise<void>;
}

/** What a shutdown needs. */
export interface ShutdownOptions {
  readonly logger: Logger;
  /** Ends the process; process.exit unless a test says otherwise. */
  readonly exit?: (code: number) => void;
}

/** Makes a shutdown that nothing triggers yet; see shutdownOnSignals and exitWithParent. */
export function createShutdown({ logger, exit = process.exit }: ShutdownOptions): Shutdown {
  const controller = new AbortController();
  const closers: Closer[] = [];
  let running: Promise<void> | undefined;

  async function run(reason: string, exitCode: number): Promise<void> {
    logger.info({ reason }, "shutting down");
    controller.abort(new Error(`shutting down: ${reason}`));
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
      await runCloser(closer, logger);
    }
    logger.info({ exitCode }, "shut down");
    exit(exitCode);
  }

  return {
    signal: controller.signal,
    add: (name, close, deadlineMs = CLOSER_DEADLINE_MS) => {
      closers.push({ name, close, deadlineMs });
    },
    begin: (reason, exitCode = 0) => {
      running ??= run(reason, exitCode);
      return running;
    },
  };
}

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void> | void;
  readonly deadlineMs: number;
}

async function runCloser({ name, close, deadlineMs }: Closer, logger: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not closed within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    await Promise.race([Promise.resolve().then(close), late]);
    logger.debug({ closer: name }, "closed");
  } catch (err) {
    logger.warn({ closer: name, err }, "not closed cleanly");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Begins the shutdown at SIGTERM or SIGINT. A second signal ends the process at once with 128 + the signal's number.
 *
 * @returns a function that takes the handlers away
 */
export function shutdownOnSignals(shutdown: Shutdown): () => void {
  const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
  const handle = (name: NodeJS.Signals): void => {
    if (shutdown.signal.aborted) process.exit(128 + numbers[name as keyof typeof numbers]);
    void shutdown.begin(name);
  };
  for (const name of Object.keys(numbers)) process.on(name, handle);
  return () => {
    for (const name of Object.keys(numbers)) process.off(name, handle);
  };
}

/**
 * Begins the shutdown when standard input closes. For a child whose parent holds the other end of a pipe: the pipe closes
 * however the parent ends, kill -9 included, so nothing is left behind. Does not keep the process alive.
 */
export function exitWithParent(shutdown: Shutdown, stdin: Readable & { unref?: () => void } = process.stdin): void {
  const gone = (): void => void shutdown.begin("parent is gone");
  stdin.once("end", gone);
  stdin.once("close", gone);
  stdin.once("error", gone);
  stdin.resume();
  stdin.unref?.();
}

/** How runMain reports. */
export interface RunMainOptions {
  /** Whether to print stack traces; see isVerbose in config.ts. */
  readonly verbose: boolean;
}

/**
 * Runs a program's main function. A failure, uncaught ones included, becomes one line on standard error,
 * `program: message`, and exit code 1.
 */
export async function runMain(program: string, main: () => Promise<void>, { verbose }: RunMainOptions): Promise<void> {
  const fail = (error: unknown): void => {
    process.stderr.write(`${program}: ${describeFailure(error, verbose)}\n`);
    process.exit(1);
  };
  process.on("uncaughtException", fail);
  try {
    await main();
  } catch (error) {
    fail(error);
  }
}

function describeFailure(error: unknown, verbose: boolean): string {
  if (verbose && error instanceof Error) return describeWithCauses(error);
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");
  if (error instanceof UserError) return message;
  return `unexpected error: ${message} (--verbose or SINTONIA_VERBOSE=1 shows where)`;
}

function describeWithCauses(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${describeWithCauses(error.cause)}` : own;
}
