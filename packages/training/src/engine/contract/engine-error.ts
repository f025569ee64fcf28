import type { EngineName } from "./engine.js";

/** An engine that this machine cannot start, with the reason and advice for the user. */
export class EngineUnavailableError extends Error {
  override readonly name = "EngineUnavailableError";
  readonly engine: EngineName;
  /** One line: the reason. */
  readonly reason: string;
  /** One line: the remedy. */
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

/** A name that no engine has. */
export class UnknownEngineError extends Error {
  override readonly name = "UnknownEngineError";
  readonly received: string;

  constructor(received: string, known: readonly string[]) {
    super(`unknown engine ${JSON.stringify(received)}: expected one of ${known.join(", ")}`);
    this.received = received;
  }
}
