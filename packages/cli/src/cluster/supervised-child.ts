// A child process that is restarted when it dies:
// starting -> ready -> (died -> waiting -> starting ...) -> stopped | failed.

import { UserError } from "@sintonia/runtime/errors";
import { type ChildExit, exitText, type Program, type RunningChild } from "../system/process/child-process.js";
import type { ProcessIdentity } from "../system/process/process-identity.js";
import { failureMessage } from "./failure-message.js";
import { decideRestart, RESTARTS_MAX } from "./restart-policy.js";

/** The listener of the child's owner. */
export interface ChildObserver {
  /** The child was started, for the first time or again. */
  started(name: string, identity: ProcessIdentity): void;
  /** The child died and will be started again after `delayMs`. */
  restarting(name: string, exit: ChildExit, delayMs: number): void;
  /** The child died and will not be started again. */
  failed(name: string, error: UserError, reason: "cannot-start" | "give-up"): void;
}

/** The effects that a supervised child needs. */
export interface SupervisionOptions {
  readonly observer: ChildObserver;
  /**
   * Resolves once the program can be used. Called at every start; the signal is aborted if the
   * program dies before.
   */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  readonly start: (program: Program) => RunningChild;
  /** Waits; returns early and without an error if the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A program that is kept running until it is stopped or fails for good. */
export class SupervisedChild {
  readonly program: Program;
  readonly #options: SupervisionOptions;
  readonly #stopping = new AbortController();
  #child: RunningChild | undefined;
  #wasReady = false;
  #deathsInARow = 0;
  #lastLog = "";
  #loop: Promise<void> | undefined;

  constructor(program: Program, options: SupervisionOptions) {
    this.program = program;
    this.#options = options;
  }

  /**
   * Starts the program and keeps it running.
   *
   * @returns resolves when the program is ready for the first time
   * @throws {UserError} with the program's own message if it cannot start
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#loop = this.#superviseAll(resolve, reject);
    });
  }

  /**
   * Notes that the program has done work. Earlier deaths then no longer count towards the limit of
   * restarts.
   */
  noteProgress(): void {
    this.#wasReady = true;
    this.#deathsInARow = 0;
  }

  /** Stops the program for good: with SIGTERM, and with SIGKILL after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child === undefined) return;
    const timer = setTimeout(() => child.kill(), graceMs);
    child.terminate();
    await this.#loop;
    clearTimeout(timer);
  }

  /** Kills the program for good. */
  kill(): void {
    this.#stopping.abort();
    this.#child?.kill();
  }

  async #superviseAll(onReady: () => void, onFailed: (error: Error) => void): Promise<void> {
    const { observer, sleep } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const exit = await this.#runOnce(onReady, onFailed);
      if (this.#stopping.signal.aborted) break;
      const decision = decideRestart({ wasReady: this.#wasReady, deathsInARow: this.#deathsInARow }, exit);
      if (decision.kind !== "restart") {
        const error = this.#failure(decision.kind, exit);
        onFailed(error);
        observer.failed(this.program.name, error, decision.kind);
        return;
      }
      this.#deathsInARow += 1;
      observer.restarting(this.program.name, exit, decision.delayMs);
      await sleep(decision.delayMs, this.#stopping.signal);
    }
    onFailed(new UserError(`${this.program.name} was stopped before it was ready`));
  }

  async #runOnce(onReady: () => void, onFailed: (error: Error) => void): Promise<ChildExit> {
    const { observer, start } = this.#options;
    const child = start(this.program);
    this.#child = child;
    if (child.identity !== undefined) observer.started(this.program.name, child.identity);
    const died = new AbortController();
    const waiting = this.#awaitReady(child, died.signal, { onReady, onFailed });
    const exit = await child.exited;
    died.abort();
    await waiting;
    this.#child = undefined;
    this.#lastLog = child.readLog();
    return exit;
  }

  async #awaitReady(child: RunningChild, died: AbortSignal, listener: ReadyListener): Promise<void> {
    try {
      await this.#options.ready(died);
      if (died.aborted) return;
      this.#wasReady = true;
      listener.onReady();
    } catch (error) {
      if (died.aborted) return;
      if (!this.#wasReady) listener.onFailed(error instanceof Error ? error : new Error(String(error)));
      child.kill();
    }
  }

  #failure(kind: "cannot-start" | "give-up", exit: ChildExit): UserError {
    const { name, logPath } = this.program;
    const message = failureMessage(this.#lastLog, name) ?? `it ${exitText(exit)}`;
    if (kind === "cannot-start") return new UserError(`${name} cannot start: ${message} (log: ${logPath})`);
    return new UserError(`${name} died ${RESTARTS_MAX + 1} times in a row: ${message} (log: ${logPath})`);
  }
}

interface ReadyListener {
  onReady(): void;
  onFailed(error: Error): void;
}
