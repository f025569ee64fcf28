// A process that resumes trials from checkpoints of another process, each in an engine of its own.

import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { startEngine } from "../engine/engines.js";
import { decodeCheckpoint } from "./checkpoint-file.js";
import { train } from "./resumption.fixture.js";

/** A request to the process. */
export interface Resumption {
  readonly plan: TrainingPlan;
  readonly trial: string;
  readonly checkpoint: Uint8Array;
}

process.on("message", async ({ plan, trial, checkpoint }: Resumption) => {
  const engine = await startEngine("onnx");
  const from = decodeCheckpoint(checkpoint, { trial, plan, engine });
  process.send?.(await train(plan, engine, { from }));
});
