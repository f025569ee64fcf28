import type { EngineName } from "./engine.js";

/** An engine that this machine cannot start: what is missing and what a person can do about it. */
export class EngineUnavailableError extends Error {
  override readonly name = "EngineUnavailableError";
  readonly engine: EngineName;
  /** One line: why the engine did not start. */
  readonly reason: string;
  /** One line: what to do. */
  readonly advice: string;

  constructor(
    engine: EngineName,
    { reason, advice, cause }: { readonly reason: string; readonly advice: string; readonly cause?: unknown },
  ) {
    super(`engine ${engine} is not available: ${reason}; ${advice}`, { cause });
    this.engine = engine;
    this.reason = reason;
    this.advice = advice;
  }
}

/** A name that is no engine's. */
export class UnknownEngineError extends Error {
  override readonly name = "UnknownEngineError";
  readonly received: string;

  constructor(received: string, known: readonly string[]) {
    super(`unknown engine ${JSON.stringify(received)}: expected one of ${known.join(", ")}`);
    this.received = received;
  }
}
