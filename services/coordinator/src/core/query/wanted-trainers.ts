import { ANY_CLASS, resourceClassOf } from "@sintonia/tuning/spec/resources";
import { furtherTrials } from "../points/further.js";
import { isLeased, isOutstanding, isOver, isSearching, type Study } from "../state/study.js";

/**
 * Returns how many trainers could work for a study: one for each trial that has not ended, and for
 * each that the study would begin at once if trainers came. Not limited by the trainers that
 * live. Of a paused study, only the trials under way count.
 */
export function wantedTrainers(study: Study): number {
  if (study.pause !== undefined) return study.trials.filter(isLeased).length;
  const { status, outstandingCount, spec } = study;
  const test = study.testRun !== undefined && isOutstanding(study.testRun) ? 1 : 0;
  if (status !== "active") return status === "finalizing" ? test : 0;
  if (!isSearching(study)) return outstandingCount;
  const { parallelTrials = Number.POSITIVE_INFINITY } = spec.budget;
  const further = Math.min(furtherTrials(study), parallelTrials - outstandingCount);
  return outstandingCount + Math.max(0, further);
}

/** Limit of the resource classes that are counted by themselves: those of 100 flavours and more. */
const CLASSES_MAX = 102;

/** The class of the studies beyond the limit. No flavour has this name. */
const OTHER_CLASS = "(other)";

/**
 * Returns how many trainers could work for the studies of each resource class.
 *
 * @param served - classes of the live trainers, which have a number also if nothing is wanted:
 *   their autoscaler then ends them
 */
export function wantedByClass(studies: readonly Study[], served: readonly string[] = []): ReadonlyMap<string, number> {
  const wanted = new Map([ANY_CLASS, ...served.slice(0, CLASSES_MAX - 1)].map((of) => [of, 0]));
  for (const study of studies) {
    if (isOver(study)) continue;
    const own = resourceClassOf(study.spec.resources);
    const counted = wanted.has(own) || wanted.size < CLASSES_MAX ? own : OTHER_CLASS;
    wanted.set(counted, (wanted.get(counted) ?? 0) + wantedTrainers(study));
  }
  return wanted;
}
