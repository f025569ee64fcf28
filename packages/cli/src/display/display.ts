import type { ProgressChange } from "../study/progress/progress.js";

/** Bytes or steps done of something that takes a while; `total` is absent where it is not known. */
export interface TaskProgress {
  readonly label: string;
  readonly done: number;
  readonly total?: number;
  /** What stands behind the bar, for example "3.1 of 9.9 MB". */
  readonly detail: string;
}

/** What a person sees while a command works. Whoever made it closes it, after which nothing moves any more. */
export interface Display {
  /** One line, or several, that stay. */
  print(...lines: string[]): void;
  /** How far a task is; repeated calls with the same label move one bar. */
  task(progress: TaskProgress): void;
  /** A change of the study that is followed. */
  study(change: ProgressChange): void;
  close(): void;
}

/** Where a display writes. */
export type TerminalStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
