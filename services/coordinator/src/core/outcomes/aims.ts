import { aimsOf } from "@sintonia/tuning/aims/aims";
import { type Aims, isWithin } from "@sintonia/tuning/objective/outcomes";
import { meanOf } from "@sintonia/tuning/selection/mean-interval";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Study, Trial } from "../state/study.js";

/** The aims of specs. A spec never changes, so its limits are read once. */
const known = new WeakMap<StudySpec, Aims | "single">();

/** Returns the several objectives and the limits of a study; undefined for one objective alone. */
export function aimsOfStudy({ spec }: Pick<Study, "spec">): Aims | undefined {
  const aims = known.get(spec) ?? aimsOf(spec) ?? "single";
  known.set(spec, aims);
  return aims === "single" ? undefined : aims;
}

/** Tells whether a completed trial keeps all limits; true for one without outcomes. */
export function keepsLimits({ limits }: Aims, { outcomes }: Pick<Trial, "outcomes">): boolean {
  if (outcomes === undefined) return true;
  return limits.every((limit) => isWithin(limit, meanOf(outcomes[limit.name] ?? [Number.NaN])));
}
