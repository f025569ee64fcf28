// The end of a run whose study waits too long for something that a person must mend.

import { type Study, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { CommandError } from "../system/usage-error.js";

/**
 * Time for which a run waits with its study, in milliseconds: longer than the first three attempts
 * of an evaluation, so that a fault that passes does not end the run.
 */
const WAIT_MAX_MS = 60_000;

/**
 * Time for which a run waits for a trainer that fits, in milliseconds: its trainers are all alike,
 * and each says at its start what it has.
 */
const RESOURCES_WAIT_MS = 2_000;

/** The times after which the waits that a person must mend are too long. */
const LIMITS_MS: ReadonlyMap<WaitReason | undefined, number> = new Map([
  [WaitReason.TEST_DATA, WAIT_MAX_MS],
  [WaitReason.TRAINERS_SET_ASIDE, WAIT_MAX_MS],
  [WaitReason.EVALUATION, WAIT_MAX_MS],
  [WaitReason.RESOURCES, RESOURCES_WAIT_MS],
]);

/** Watches how long a study waits. */
interface LongWaitWatch {
  /** Notes the present state of the study. */
  note(study: Study): void;
  /** Rejects once the study has waited for too long; never resolves. */
  readonly tooLong: Promise<never>;
}

/**
 * Watches how long a study waits, until the signal is aborted.
 *
 * @param sleep - waits; returns early and without an error if the signal is aborted
 */
export function watchLongWaits(
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): LongWaitWatch {
  let wait: AbortController | undefined;
  let fail: (error: CommandError) => void = () => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const note = ({ id, waiting }: Study): void => {
    const limitMs = LIMITS_MS.get(waiting?.reason);
    if (limitMs === undefined) {
      wait?.abort();
      wait = undefined;
    } else if (wait === undefined) {
      const present = new AbortController();
      wait = present;
      const over = AbortSignal.any([present.signal, signal]);
      void sleep(limitMs, over).then(() => {
        if (!over.aborted) fail(waitedTooLong(id, waiting?.message ?? ""));
      });
    }
  };
  return { note, tooLong };
}

function waitedTooLong(studyId: string, reason: string): CommandError {
  return new CommandError(
    `Study ${studyId} waits, and nothing is lost: ${reason} ` +
      "Mend this and repeat the same command, which continues the study.",
    { code: "STUDY_WAITS", facts: { study: studyId, reason } },
  );
}
