import type { Artifact } from "../state/study.js";

/** What the shell is to do once the events are stored. Each may be repeated without harm. */
export type Effect =
  /** Put an assignment on the work queue; replaces an older one of the same trial. */
  | { readonly type: "publish-assignment"; readonly trialId: string; readonly attempt: number }
  /** Take a trial's assignment off the work queue. */
  | { readonly type: "withdraw-assignment"; readonly trialId: string }
  /** Delete a stored checkpoint that no trial names any more. What is left over is found at the next start. */
  | { readonly type: "delete-checkpoint"; readonly sha256: string }
  /** Ask the oracle; the answer comes back as `suggestion-ready`. */
  | {
      readonly type: "request-suggestion";
      readonly trialNumber: number;
      /** Events that the study has had: what the oracle may know. */
      readonly basis: number;
    }
  /** Ask which trials are to be executed again; the answer comes back as `contenders-ready`. */
  | { readonly type: "choose-contenders"; readonly count: number }
  /** Ask for the choice of the best trial; the answer comes back as `selection-ready`. */
  | { readonly type: "select-best" }
  /** Evaluate on the test split and export; the answer comes back as `best-evaluated` or `evaluation-failed`. */
  | { readonly type: "evaluate-best"; readonly trialId: string; readonly weights: Artifact };
