// Inputs that the state machine cannot decide. The cause is a fault of the program, which a repeat
// would meet again. Nothing is changed or stored, so that the study goes on with other inputs.

import { firstLineOf } from "@sintonia/runtime/errors";
import { apply } from "../../core/apply.js";
import type { StudyInput } from "../../core/boundary/input.js";
import type { Now, Rules } from "../../core/boundary/now.js";
import type { Step } from "../../core/boundary/step.js";
import type { State } from "../../core/state/state.js";
import { RecordTooLargeError, StoreUnavailableError } from "../../ports/study-log.js";

/** The state machine cannot decide an input. */
export class UndecidableInputError extends Error {
  override readonly name = "UndecidableInputError";

  constructor(studyId: string, input: StudyInput["type"], cause: unknown) {
    super(`Study ${studyId} cannot decide the input ${input}: ${firstLineOf(cause)}`, { cause });
  }
}

/**
 * Decides an input. A queued trial whose lease cannot be decided fails: each trainer would ask for
 * the lease and meet the same fault.
 *
 * @throws {UndecidableInputError}
 */
export function decide(state: State, input: StudyInput, now: Now, rules: Rules): Step {
  try {
    return apply(state, input, now, rules);
  } catch (cause) {
    const error = new UndecidableInputError(state.study.id, input.type, cause);
    if (input.type !== "acquire-lease") throw error;
    const { trialId, attempt } = input;
    const effect = { type: "publish-assignment", trialId, attempt } as const;
    const failed = decide(state, { type: "effect-failed", effect, message: error.message }, now, rules);
    return { ...failed, answer: { kind: "refused", reason: "trial-settled" } };
  }
}

/** Tells whether an error refuses inputs only: nothing is stored, and the study goes on. */
export function isRefusal(error: unknown): boolean {
  const kinds = [StoreUnavailableError, RecordTooLargeError, UndecidableInputError];
  return kinds.some((kind) => error instanceof kind);
}
