// Outcomes of a trial that are no metric of an epoch: facts about its model and its training.

/** The facts that every study of a network or a module has. */
export const FACT_NAMES = ["parameters", "model_bytes", "train_seconds", "latency_ms"] as const;

/**
 * The name of a fact. `parameters`: number of trainable parameters. `model_bytes`: size of the
 * stored weights, in bytes. `train_seconds`: seconds of all epochs of one execution, with their
 * validation. `latency_ms`: time of one prediction for one row, in milliseconds, on the trainer.
 */
export type FactName = (typeof FACT_NAMES)[number];

/** Facts that a trainer measures if a plan asks for them. */
export type MeasuredFact = "parameters" | "latency_ms";

/** Returns true for the name of a fact. */
export function isFact(name: string): name is FactName {
  return FACT_NAMES.some((fact) => fact === name);
}

/**
 * Returns true for the name of a count that every training with the same values repeats, so that
 * an estimate says nothing about it.
 */
export function isCount(name: string): boolean {
  return name === "parameters" || name === "model_bytes";
}

/** Returns true for the name of a fact that a trainer measures. */
export function isMeasuredFact(name: string): name is MeasuredFact {
  return name === "parameters" || name === "latency_ms";
}
