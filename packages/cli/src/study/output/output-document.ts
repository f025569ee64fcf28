import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { trialStateName } from "../trial-state.js";
import type { OutputParts } from "./output-parts.js";

/** The output of an attempt, as `logs --json` prints it. Field names never change. */
export interface OutputDocument {
  readonly study: string;
  readonly trial: string;
  readonly attempt: number;
  /** State of the trial. */
  readonly state: string;
  /** Number of bytes that the program has written. */
  readonly writtenBytes: number;
  /** Number of bytes among them that are not kept. */
  readonly missingBytes: number;
  /** Parts between which bytes are missing. Bytes that are not UTF-8 are U+FFFD in `text`. */
  readonly parts: readonly { readonly offset: number; readonly text: string }[];
  /** Reason for which there is no output; null if there is some. */
  readonly note: string | null;
}

/** Returns the document of an output. */
export function outputDocument(
  study: Pick<Study, "id">,
  trial: Trial,
  { output, note }: { readonly output: OutputParts; readonly note: string | undefined },
): OutputDocument {
  const { attempt, writtenBytes, missingBytes, parts } = output;
  return {
    study: study.id,
    trial: trial.id,
    attempt,
    state: trialStateName(trial.state),
    writtenBytes,
    missingBytes,
    parts: parts.map(({ offset, bytes }) => ({ offset, text: bytes.toString("utf8") })),
    note: note ?? null,
  };
}
