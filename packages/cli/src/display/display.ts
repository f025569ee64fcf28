import type { ProgressChange } from "../study/progress/progress.js";

/** Progress of a download or another task, in bytes or steps. `total` is undefined if unknown. */
export interface TaskProgress {
  readonly label: string;
  readonly done: number;
  readonly total?: number;
  /** Text after the bar, for example "3.1 of 9.9 MB". */
  readonly detail: string;
}

/**
 * The output for a person while a command works. The creator closes the display, which then updates
 * nothing more.
 */
export interface Display {
  /** True if a person reads the lines on a terminal, false for a log or a pipe. */
  readonly isTerminal: boolean;
  /** Prints lines that stay. */
  print(...lines: string[]): void;
  /** Shows the progress of a task. Calls with the same label update one bar. */
  task(progress: TaskProgress): void;
  /** Shows a change of the study that the command follows. */
  study(change: ProgressChange): void;
  close(): void;
}

/** A stream to which a display writes. */
export type TerminalStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};
