// The progress of a program's trial over its executions: which epoch and which execution is kept.

import { isBetter } from "@sintonia/tuning/objective/goal";
import type { ProgramPlan } from "@sintonia/tuning/plan/program-plan";
import { z } from "zod";

const count = z.int().nonnegative();

/** An objective may be infinite or NaN, which JSON does not have. */
const objective = z.union([z.number(), z.null().transform(() => Number.NaN)]);

/** Schema of the progress of a trial. */
export const progressSchema = z.object({
  /** The execution that runs or runs next. */
  execution: count,
  /** Its next epoch. */
  epoch: count,
  /** The last epoch of all; undefined before the first. */
  covered: z.object({ execution: count, epoch: count }).exactOptional(),
  /** The epoch that this execution keeps so far. */
  kept: z.object({ epoch: count, value: objective }).exactOptional(),
  /** The kept epoch of each execution that has ended. */
  keptEpochs: z.array(count),
  /** The ended execution with the best objective. Its artifacts are those of the trial. */
  best: z.object({ execution: count, value: objective }).exactOptional(),
});

/** The progress of a trial. */
export type Progress = z.infer<typeof progressSchema>;

/** The progress of a trial that begins. */
export const BEGINNING: Progress = { execution: 0, epoch: 0, keptEpochs: [] };

/** Adds an epoch to the progress. */
export function afterEpoch(
  progress: Progress,
  epoch: number,
  value: number,
  { program, objective }: ProgramPlan,
): Progress {
  const { execution, kept } = progress;
  const isKept = kept === undefined || program.keep === "last-epoch" || isBetter(value, kept.value, objective.goal);
  return {
    ...progress,
    epoch: epoch + 1,
    covered: { execution, epoch },
    ...(isKept ? { kept: { epoch, value } } : {}),
  };
}

/** Ends an execution, which has at least one epoch. `isBest`: its artifacts become the trial's. */
export function afterExecution(
  progress: Progress,
  { objective }: ProgramPlan,
): { progress: Progress; isBest: boolean } {
  const { execution, kept, keptEpochs, best, covered } = progress;
  if (kept === undefined) throw new RangeError("an execution needs at least one epoch");
  const isBest = best === undefined || isBetter(kept.value, best.value, objective.goal);
  const next = {
    execution: execution + 1,
    epoch: 0,
    covered: covered ?? { execution, epoch: kept.epoch },
    keptEpochs: [...keptEpochs, kept.epoch],
  };
  return { isBest, progress: { ...next, best: isBest ? { execution, value: kept.value } : best } };
}
