import { isSettled } from "@sintonia/page/store/study/state/states";
import { type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { trialStateName } from "../trial-state.js";

/** The attempt that was read, and whether it has output. */
interface ReadAttempt {
  readonly attempt: number;
  readonly isEmpty: boolean;
}

/** Returns a line that says why there is no output; undefined if there is some. */
export function emptyNote(study: Study, trial: Trial, { attempt, isEmpty }: ReadAttempt): string | undefined {
  if (!isEmpty) return undefined;
  const what = `attempt ${attempt} of trial ${trial.id} of study ${study.id} has no output`;
  if (!isOfProgram(study)) return `${what}: only the output of programs is kept, and this study has no program`;
  const isPresent = attempt === trial.attempt;
  if (isPresent && trial.state === TrialState.QUEUED) return `${what} yet: it waits for a trainer`;
  if (isPresent && !isSettled(trial)) return `${what} yet`;
  return `${what}: its program wrote nothing, or what it wrote is no longer kept`;
}

/** Returns a line about an attempt that is not the trial's newest; undefined if it is. */
export function attemptNote(trial: Trial, { attempt, isEmpty }: ReadAttempt): string | undefined {
  if (isEmpty || attempt === trial.attempt) return undefined;
  return `this was attempt ${attempt}; trial ${trial.id} is ${trialStateName(trial.state)} in attempt ${trial.attempt}`;
}

/** Tells whether the trials of a study run a program. */
function isOfProgram({ specJson }: Study): boolean {
  const spec: unknown = JSON.parse(specJson);
  return typeof spec === "object" && spec !== null && "program" in spec;
}
