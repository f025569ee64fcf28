import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Time until the new start of a process that ended without a fault. */
const RESTART_MS = 500;
/** Time that a process has for its end, far above the duration on a busy machine. */
const END_MAX_MS = 60_000;

/** How a process is started. */
export interface Start {
  readonly name: string;
  /** Path of the program for Node. */
  readonly main: string;
  readonly environment: NodeJS.ProcessEnv;
  /** File that gets what the process writes. */
  readonly log: string;
}

/** A process that is started again whenever it ends, as the supervisor of an installation does. */
export class SupervisedProcess {
  /** Ends without a fault of the storm, as exit code or signal. */
  readonly unexpectedEnds: string[] = [];
  readonly #start: Start;
  readonly #closing = new AbortController();
  readonly #supervision: Promise<void>;
  readonly #abandon = (): void => {
    this.#child?.kill("SIGKILL");
  };
  #child: ChildProcess | undefined;
  /** Time without the process after its next end; undefined if no fault explains the end. */
  #downMs: number | undefined;

  constructor(start: Start) {
    this.#start = start;
    process.once("exit", this.#abandon);
    this.#supervision = this.#supervise();
  }

  /** Sends a signal that ends the process, and starts it again some time after the end. */
  async restart(signal: "SIGKILL" | "SIGTERM", downMs: number): Promise<void> {
    const child = this.#child;
    if (child === undefined || !child.kill(signal)) return;
    this.#downMs = downMs;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  /** Sends a signal that does not end the process. */
  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(name);
  }

  /** Stops the process for some time. */
  async freeze(lengthMs: number): Promise<void> {
    const child = this.#child;
    child?.kill("SIGSTOP");
    await this.#pause(lengthMs);
    child?.kill("SIGCONT");
  }

  /** Ends the process for good. Returns false if it had to be killed. */
  async close(): Promise<boolean> {
    this.#closing.abort();
    this.#child?.kill("SIGCONT");
    this.#child?.kill("SIGTERM");
    const limit = new AbortController();
    const hasEnded = await Promise.race([
      this.#supervision.then(() => true),
      delay(END_MAX_MS, false, { signal: limit.signal }),
    ]);
    limit.abort();
    if (!hasEnded) this.#child?.kill("SIGKILL");
    await this.#supervision;
    process.off("exit", this.#abandon);
    return hasEnded;
  }

  async #supervise(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const [code, signal] = await this.#run();
      if (this.#closing.signal.aborted) return;
      if (this.#downMs === undefined) this.unexpectedEnds.push(`${this.#start.name}: ${signal ?? `exit code ${code}`}`);
      const downMs = this.#downMs ?? RESTART_MS;
      this.#downMs = undefined;
      await this.#pause(downMs);
    }
  }

  async #run(): Promise<[number | null, NodeJS.Signals | null]> {
    const { main, environment, log } = this.#start;
    const file = openSync(log, "a");
    this.#child = spawn(process.execPath, [main], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", file, file],
    });
    closeSync(file);
    return (await once(this.#child, "exit")) as [number | null, NodeJS.Signals | null];
  }

  async #pause(lengthMs: number): Promise<void> {
    // Ignored: the close of this process ends its pauses.
    await delay(lengthMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}
