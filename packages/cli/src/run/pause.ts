// The end of a run whose study is paused: it waits for something that a person must mend.

import { type Study, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { CommandError } from "../system/usage-error.js";

/**
 * Time for which a run waits with its study, in milliseconds: longer than the first three attempts
 * of an evaluation, so that a fault that passes does not end the run.
 */
const PAUSE_MAX_MS = 60_000;

const PAUSES: ReadonlySet<WaitReason | undefined> = new Set([
  WaitReason.TEST_DATA,
  WaitReason.TRAINERS_SET_ASIDE,
  WaitReason.EVALUATION,
]);

/** Watches the pauses of a study. */
interface PauseWatch {
  /** Notes the present state of the study. */
  note(study: Study): void;
  /** Rejects once the study has been paused for too long; never resolves. */
  readonly tooLong: Promise<never>;
}

/**
 * Watches the pauses of a study, until the signal is aborted.
 *
 * @param sleep - waits; returns early and without an error if the signal is aborted
 */
export function watchPauses(
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): PauseWatch {
  let pause: AbortController | undefined;
  let fail: (error: CommandError) => void = () => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const note = ({ id, waiting }: Study): void => {
    if (!PAUSES.has(waiting?.reason)) {
      pause?.abort();
      pause = undefined;
    } else if (pause === undefined) {
      const present = new AbortController();
      pause = present;
      const over = AbortSignal.any([present.signal, signal]);
      void sleep(PAUSE_MAX_MS, over).then(() => {
        if (!over.aborted) fail(paused(id, waiting?.message ?? ""));
      });
    }
  };
  return { note, tooLong };
}

function paused(studyId: string, reason: string): CommandError {
  return new CommandError(
    `Study ${studyId} is paused, and nothing is lost: ${reason} ` +
      "Mend this and repeat the same command, which continues the study.",
    { code: "PAUSED", facts: { study: studyId, reason } },
  );
}
