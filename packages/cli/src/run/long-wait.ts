// The end of a run whose study waits too long for something that a person must mend.

import { type Study, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { CommandError } from "../system/usage-error.js";

/**
 * Time for which a run waits with its study, in milliseconds: longer than the first three attempts
 * of an evaluation, so that a fault that passes does not end the run.
 */
const WAIT_MAX_MS = 60_000;

const MENDABLE: ReadonlySet<WaitReason | undefined> = new Set([
  WaitReason.TEST_DATA,
  WaitReason.TRAINERS_SET_ASIDE,
  WaitReason.EVALUATION,
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
    if (!MENDABLE.has(waiting?.reason)) {
      wait?.abort();
      wait = undefined;
    } else if (wait === undefined) {
      const present = new AbortController();
      wait = present;
      const over = AbortSignal.any([present.signal, signal]);
      void sleep(WAIT_MAX_MS, over).then(() => {
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
