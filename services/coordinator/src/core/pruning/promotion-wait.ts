import type { Waiting } from "../query/waiting.js";
import type { Study, Trial } from "../state/study.js";
import { reasonOf } from "./verdicts.js";

/** Returns what a paused trial waits for; undefined for any other. */
export function promotionWait(study: Study, { evidence, state }: Trial): Waiting | undefined {
  if (state !== "paused" || evidence === undefined) return undefined;
  const advice = "It goes on from its checkpoint once the pruner promotes it.";
  return { reason: "promotion", message: `${reasonOf(study, evidence)} ${advice}` };
}
