// Steps that take long, as tasks of a display.

import type { Display } from "./display.js";

/** A step whose length is unknown. */
interface Step {
  /** Name at the left of the line, for example "Data". */
  readonly label: string;
  /** What the step does, for example "reading mnist". */
  readonly detail: string;
}

/** Width of the names at the left of the lines of a run. */
export const LABEL_COLUMNS = 12;

/** Shows a step while `work` runs. */
export async function duringStep<T>(
  display: Pick<Display, "task">,
  { label, detail }: Step,
  work: () => Promise<T>,
): Promise<T> {
  const task = { label: `${label === "" ? "" : label.padEnd(LABEL_COLUMNS)}${detail}`, detail: "" };
  display.task({ ...task, done: 0 });
  try {
    return await work();
  } finally {
    display.task({ ...task, done: 1, total: 1 });
  }
}

/** Time for which a task must last before `slowTasks` shows it, in milliseconds. */
const SLOW_MS = 1_000;

/**
 * Returns a display of those tasks that last longer than a second. A short task shows nothing.
 *
 * @param now - monotonic clock in milliseconds
 */
export function slowTasks(display: Pick<Display, "task">, now: () => number): Pick<Display, "task"> {
  const starts = new Map<string, number>();
  return {
    task: (progress) => {
      const start = starts.get(progress.label) ?? now();
      starts.set(progress.label, start);
      if (now() - start >= SLOW_MS) display.task(progress);
    },
  };
}

/** Bytes of a file that were transferred. */
export interface Transfer {
  readonly file: string;
  readonly bytesDone: number;
  /** Undefined if unknown. */
  readonly bytesTotal?: number | undefined;
}

/** Returns a receiver of a transfer's progress, which shows the transfer as a task. */
export function transferTask(display: Pick<Display, "task">, label: string): (transfer: Transfer) => void {
  return ({ file, bytesDone: done, bytesTotal: total }) => {
    const detail = total === undefined ? megabytes(done) : `${megabytes(done)} of ${megabytes(total)}`;
    const task = { label: `${label.padEnd(LABEL_COLUMNS)}${file}`, done, detail };
    display.task(total === undefined ? task : { ...task, total });
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
