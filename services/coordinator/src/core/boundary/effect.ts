import type { Sha256 } from "@sintonia/protocol/names";
import type { Artifact } from "../state/study.js";

/**
 * An action of the shell once the step's events are stored. The shell may repeat every effect
 * without harm.
 */
export type Effect =
  /** Publishes an assignment on the work queue, in place of an earlier one of the same trial. */
  | { readonly type: "publish-assignment"; readonly trialId: string; readonly attempt: number }
  /** Removes a trial's assignment from the work queue. */
  | { readonly type: "withdraw-assignment"; readonly trialId: string }
  /**
   * Deletes a stored checkpoint that no trial names. If the process ends first, the next start
   * deletes the checkpoint.
   */
  | { readonly type: "delete-checkpoint"; readonly sha256: Sha256 }
  /**
   * Checks that the test split can be read, until it can. Each result is the input
   * `test-data-checked`.
   */
  | { readonly type: "check-test-data" }
  /**
   * Erases what is stored of a deleted study. If the process ends first, the next start erases it.
   */
  | { readonly type: "erase-study" }
  /**
   * Asks the oracle for suggestions of successive trials. The answer is the input
   * `suggestions-ready`.
   */
  | {
      readonly type: "request-suggestions";
      /** Number of the first trial. */
      readonly trialNumber: number;
      /** Largest number of suggestions, at least 1. */
      readonly count: number;
      /**
       * Number of the study's events so far. The oracle may use their content and nothing later.
       */
      readonly basis: number;
    }
  /**
   * Asks which trials to execute again, at most `count`. The answer is the input
   * `contenders-ready`.
   */
  | {
      readonly type: "choose-contenders";
      readonly count: number;
      /**
       * Number of the study's extensions after an end, which identifies the request: no search
       * between two of them asks twice.
       */
      readonly reopenings: number;
    }
  /** Asks for the best trial. The answer is the input `selection-ready`. */
  | { readonly type: "select-best" }
  /**
   * Evaluates the best trial, or another one of the front, on the test split and exports its model.
   * The answer is `best-evaluated`. Before it, each attempt with a fault gives an
   * `evaluation-failed`.
   */
  | { readonly type: "evaluate-best"; readonly trialId: string; readonly weights: Artifact };
