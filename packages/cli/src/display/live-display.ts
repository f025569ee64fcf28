import { createLogUpdate } from "log-update";
import { studySeconds } from "../study/progress/estimate.js";
import type { ProgressChange, ProgressEvent, StudyProgress } from "../study/progress/progress.js";
import { printableLine } from "../system/printable.js";
import type { Display, TaskProgress, TerminalStream } from "./display.js";
import { bar } from "./format/bar.js";
import { shortDuration } from "./format/duration.js";
import { fittedLine } from "./format/fitted-line.js";
import { type ColorChoice, type Layout, layoutOf } from "./format/layout.js";
import { wrapped } from "./format/text.js";
import { liveLines, trialRequeuedLine } from "./progress-lines.js";
import { LABEL_COLUMNS } from "./task.js";
import { trialBlock } from "./trial-block.js";

/** Interval of the updates. The moving elapsed time shows that the program is alive. */
const REFRESH_MS = 500;
const TASK_BAR_CELLS = [24, 10];
const ROWS_DEFAULT = 24;

/**
 * The display of a terminal: permanent lines scroll up, and the trials under way are updated below.
 */
export class LiveDisplay implements Display {
  readonly isTerminal = true;
  readonly #stream: TerminalStream;
  readonly #choice: ColorChoice;
  readonly #now: () => Date;
  readonly #logUpdate: ReturnType<typeof createLogUpdate>;
  readonly #refresh: NodeJS.Timeout;
  #task: TaskProgress | undefined;
  /** Time at which the task began. */
  #taskStart = new Date(0);
  #progress: StudyProgress | undefined;
  /** Time of the newest progress. */
  #receivedAt = new Date(0);

  constructor(stream: TerminalStream, now: () => Date, choice: ColorChoice) {
    this.#stream = stream;
    this.#choice = choice;
    this.#now = now;
    this.#logUpdate = createLogUpdate(stream as NodeJS.WriteStream);
    this.#refresh = setInterval(() => this.#draw(), REFRESH_MS);
    this.#refresh.unref();
  }

  print(...lines: string[]): void {
    this.#logUpdate.clear();
    const { columns } = this.#layout;
    for (const line of lines.flatMap((long) => printedLines(long, columns)))
      this.#stream.write(`${printableLine(line)}\n`);
    this.#draw();
  }

  task(progress: TaskProgress): void {
    const isDone = progress.total !== undefined && progress.done >= progress.total;
    if (this.#task?.label !== progress.label) this.#taskStart = this.#now();
    this.#task = isDone ? undefined : progress;
    this.#draw();
  }

  study({ progress, events }: ProgressChange): void {
    this.#progress = progress;
    this.#receivedAt = this.#now();
    const lines = events.flatMap((event) => this.#permanentLines(progress, event));
    if (lines.length > 0) this.print(...lines);
    else this.#draw();
  }

  close(): void {
    clearInterval(this.#refresh);
    this.#task = undefined;
    this.#progress = undefined;
    this.#logUpdate.clear();
    this.#logUpdate.done();
  }

  get #layout(): Layout {
    return layoutOf(this.#stream, this.#choice);
  }

  #permanentLines(progress: StudyProgress, event: ProgressEvent): string[] {
    const layout = this.#layout;
    if (event.kind === "trial-ended") return trialBlock(progress.study, event.trial, event.bestSoFar, layout);
    if (event.kind === "trial-requeued") return wrapped(trialRequeuedLine(event.trial), layout.columns);
    return [];
  }

  #draw(): void {
    const lines = this.#updatedLines();
    if (lines.length > 0) this.#logUpdate(lines.map(printableLine).join("\n"));
    else this.#logUpdate.clear();
  }

  #updatedLines(): string[] {
    const layout = this.#layout;
    if (this.#task !== undefined) return [taskLine(this.#task, secondsBetween(this.#taskStart, this.#now()), layout)];
    if (this.#progress === undefined) return [];
    const rows = this.#stream.rows ?? ROWS_DEFAULT;
    return liveLines(this.#progress, { elapsed: this.#elapsed(this.#progress), layout, rows });
  }

  /** Returns the seconds that the study has worked; they go on between two messages. */
  #elapsed({ study }: StudyProgress): number {
    return (studySeconds(study, this.#receivedAt) ?? 0) + secondsBetween(this.#receivedAt, this.#now());
  }
}

/** Breaks a line between words. The label at its left stays alone; a coloured line is short. */
function printedLines(line: string, columns: number): string[] {
  if (line.includes("\u001b")) return [line];
  const [label = ""] = /^(?:\S{1,11} +|\s+)(?=\S)/.exec(line) ?? [];
  return wrapped(line, columns, " ".repeat(label.length === LABEL_COLUMNS ? LABEL_COLUMNS : 0));
}

/**
 * Returns a task with its bar on one line, and how long it takes: the time left if the length of
 * the task is known, else the time since its start. The detail stays at every width.
 *
 * @param elapsed - seconds since the start of the task
 */
export function taskLine({ label, done, total, detail }: TaskProgress, elapsed: number, layout: Layout): string {
  const bars = total === undefined || total === 0 ? [""] : TASK_BAR_CELLS.map((cells) => bar(done / total, cells));
  return fittedLine(
    [
      { texts: [label] },
      { texts: [...bars, ""], shortened: 1, ink: "green" },
      { texts: [detail] },
      { texts: [durationText(done, total, elapsed), ""], shortened: 2 },
    ],
    layout,
  );
}

/** Returns nothing in the first second, in which the pace is unknown. */
function durationText(done: number, total: number | undefined, elapsed: number): string {
  if (elapsed < 1) return "";
  if (total === undefined || done <= 0) return shortDuration(elapsed);
  return `about ${shortDuration((elapsed / done) * (total - done))} left`;
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}
