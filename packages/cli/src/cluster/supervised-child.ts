// One child that is kept alive. starting -> ready -> (died -> waiting -> starting ...) -> stopped | failed.

import { UserError } from "@sintonia/runtime/errors";
import type { Program, RunningChild } from "../system/process/child-process.js";
import type { ProcessIdentity } from "../system/process/process-identity.js";
import { lastWords } from "./failure-message.js";
import { type ChildExit, decideRestart, exitText, RESTARTS_MAX } from "./restart-policy.js";

/** What the owner of a child is told. */
export interface ChildObserver {
  started(name: string, identity: ProcessIdentity): void;
  /** It died and is started again after `delayMs`. */
  restarting(name: string, exit: ChildExit, delayMs: number): void;
  /** It is not started any more. */
  failed(name: string, error: UserError, reason: "cannot-start" | "give-up"): void;
}

export interface SupervisionOptions {
  readonly observer: ChildObserver;
  /** Resolves once the program can be used; aborted if it dies before. Called at every start. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  readonly start: (program: Program) => RunningChild;
  /** Waits; returns early, without an error, if the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

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
   * Starts the program and keeps it alive.
   *
   * @returns resolves when it is ready for the first time
   * @throws {UserError} with the program's own words if it cannot start
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#loop = this.#superviseAll(resolve, reject);
    });
  }

  /** Says that the program has been seen at work although it announces nothing itself. */
  noteReady(): void {
    this.#wasReady = true;
  }

  /** Says that the program has done some of its work: earlier deaths do not count any more. */
  noteProgress(): void {
    this.#wasReady = true;
    this.#deathsInARow = 0;
  }

  /** Ends the program for good: in order, or by force when `graceMs` are over. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child === undefined) return;
    const timer = setTimeout(() => child.kill(), graceMs);
    child.terminate();
    await this.#loop;
    clearTimeout(timer);
  }

  /** Ends the program for good at once. */
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
    const words = lastWords(this.#lastLog, name) ?? `it ${exitText(exit)}`;
    if (kind === "cannot-start") return new UserError(`${name} cannot start: ${words} (log: ${logPath})`);
    return new UserError(`${name} died ${RESTARTS_MAX + 1} times in a row: ${words} (log: ${logPath})`);
  }
}

interface ReadyListener {
  onReady(): void;
  onFailed(error: Error): void;
}
