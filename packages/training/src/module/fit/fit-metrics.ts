import type { Examples } from "../../dataset/examples.js";
import { type EpochResult, type EpochSettings, validate } from "../../trial/epoch.js";
import type { ModuleSession } from "../model/module-session.js";
import { ModuleError } from "../user/module-error.js";

/** The numbers of an epoch as tfjs reports them: loss, acc, val_loss ... */
export type FitLogs = Readonly<Record<string, unknown>>;

/** An epoch that a module's `fit` has trained. */
interface FitEpoch {
  /** Path of the module. */
  readonly module: string;
  readonly logs: FitLogs;
  readonly session: ModuleSession;
  readonly validation: Examples | undefined;
  readonly settings: EpochSettings;
}

/**
 * Returns the metrics of an epoch: those of the training as the module reports them, those of the
 * validation as the model has them.
 *
 * @throws {ModuleError} if the module reports no loss
 */
export async function measureFit({ module, logs, session, validation, settings }: FitEpoch): Promise<EpochResult> {
  const { loss } = logs;
  const accuracy = logs["accuracy"] ?? logs["acc"];
  if (typeof loss !== "number") {
    throw new ModuleError(`${module}: fit reported an epoch without loss; call onEpochEnd(epoch, { loss, acc })`);
  }
  if (!Number.isFinite(loss)) return { kind: "diverged", what: "Loss", value: loss, step: undefined };
  const training = {
    ...(typeof accuracy === "number" && Number.isFinite(accuracy) ? { accuracy: Math.fround(accuracy) } : {}),
    loss: Math.fround(loss),
  };
  if (validation === undefined) return { kind: "measured", metrics: training };
  const validated = await validate(session, validation, settings);
  if (validated.kind === "diverged") return validated;
  return { kind: "measured", metrics: { ...training, ...validated.metrics } };
}
