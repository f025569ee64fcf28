// Start and orderly end of a process. A child process ends with its parent.
import type { Readable } from "node:stream";
import { messageOf, UserError } from "./errors.js";
import type { Logger } from "./logger.js";

/**
 * Default deadline of a closer in milliseconds. Three closers fit into the 30 s after which
 * Kubernetes kills a pod.
 */
const CLOSER_DEADLINE_MS = 8_000;

/** The orderly end of a process: a stack of closers. */
export interface Shutdown {
  /** Aborted when the shutdown begins. */
  readonly signal: AbortSignal;
  /**
   * Adds a closer. Closers run one after another, last in, first out. The shutdown logs a closer
   * that fails or exceeds its deadline, and continues with the next one. A closer that is added
   * during the shutdown runs too.
   */
  add(name: string, close: () => Promise<void> | void, deadlineMs?: number): void;
  /** Runs the closers, then ends the process. Only the first call counts. */
  begin(reason: string, exitCode?: number): Promise<void>;
}

/** The dependencies of a shutdown. */
export interface ShutdownOptions {
  readonly logger: Logger;
  /**
   * Ends the process.
   * @default process.exit
   */
  readonly exit?: (code: number) => void;
}

/** Creates a shutdown. `shutdownOnSignals` and `exitWithParent` trigger it. */
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
 * Begins the shutdown at SIGTERM or SIGINT. A second signal ends the process at once, with exit
 * code 128 + the number of the signal.
 *
 * @returns a function that removes the signal handlers
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
 * Begins the shutdown when standard input closes. A parent that passes a pipe as standard input
 * thus ends its child with itself: the operating system closes the pipe when the parent ends, also
 * after kill -9. Waiting for the close does not keep the process alive.
 */
export function exitWithParent(shutdown: Shutdown, stdin: Readable & { unref?: () => void } = process.stdin): void {
  const gone = (): void => void shutdown.begin("parent is gone");
  stdin.once("end", gone);
  stdin.once("close", gone);
  stdin.once("error", gone);
  stdin.resume();
  stdin.unref?.();
}

/** The form of the failure report of `runMain`. */
export interface RunMainOptions {
  /** True to print stack traces; see `isVerbose`. */
  readonly verbose: boolean;
  /**
   * Returns a text to print instead of running the program, for example its help.
   * @default no text
   */
  readonly text?: () => string | undefined;
}

/**
 * Runs the main function of a program. A failure or an uncaught exception prints one line on
 * standard error, `program: message`, and ends the process with exit code 1.
 */
export async function runMain(
  program: string,
  main: () => Promise<void>,
  { verbose, text = () => undefined }: RunMainOptions,
): Promise<void> {
  const fail = (error: unknown): void => {
    process.stderr.write(`${program}: ${describeFailure(error, verbose)}\n`);
    process.exit(1);
  };
  process.on("uncaughtException", fail);
  // Deprecations are for developers. grpc-js causes one for each TLS connection to an IP address.
  process.noDeprecation = true;
  try {
    const requested = text();
    if (requested === undefined) await main();
    else process.stdout.write(`${requested}\n`);
  } catch (error) {
    fail(error);
  }
}

function describeFailure(error: unknown, verbose: boolean): string {
  if (verbose && error instanceof Error) return describeWithCauses(error);
  const message = messageOf(error).replaceAll(/\s*\n\s*/g, " ");
  if (error instanceof UserError) return message;
  return `unexpected error: ${message} (--verbose or SINTONIA_VERBOSE=1 prints the stack trace)`;
}

function describeWithCauses(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${describeWithCauses(error.cause)}` : own;
}
