import type { LeaseKey } from "@sintonia/protocol/lease";

/**
 * The place where the output of attempts goes: what programs write for people. Output decides
 * nothing. A sink that cannot store it loses it, and neither fails nor delays the training.
 */
export interface OutputSink {
  /** Begins the output of an attempt. The caller closes it. */
  open(lease: LeaseKey): TrialOutput;
}

/** The output of one attempt. */
export interface TrialOutput {
  /**
   * Takes the next bytes and returns at once. Copies them. Memory stays bounded however much is
   * written: the bytes between the oldest and the newest are lost first.
   */
  write(bytes: Uint8Array): void;
  /**
   * Sends what is left, within a time limit. Await this before the coordinator learns of the
   * attempt's end, because it then accepts no more output. Never rejects. Safe to repeat.
   */
  close(): Promise<void>;
}
