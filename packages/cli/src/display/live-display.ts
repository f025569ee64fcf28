import { createLogUpdate } from "log-update";
import type { ProgressChange, ProgressEvent, StudyProgress } from "../study/progress/progress.js";
import type { Display, TaskProgress, TerminalStream } from "./display.js";
import { bar } from "./format/bar.js";
import { truncated } from "./format/table.js";
import { liveLines, trialRequeuedLine } from "./progress-lines.js";
import { trialBlock } from "./trial-block.js";

/** Interval of the updates. The moving elapsed time shows that the program is alive. */
const REFRESH_MS = 500;
const TASK_BAR_CELLS = 24;
const DEFAULT_COLUMNS = 80;

/**
 * The display of a terminal: permanent lines scroll up, and the trials under way are updated below.
 */
export class LiveDisplay implements Display {
  readonly #stream: TerminalStream;
  readonly #now: () => Date;
  readonly #logUpdate: ReturnType<typeof createLogUpdate>;
  readonly #refresh: NodeJS.Timeout;
  #task: TaskProgress | undefined;
  #progress: StudyProgress | undefined;

  constructor(stream: TerminalStream, now: () => Date) {
    this.#stream = stream;
    this.#now = now;
    this.#logUpdate = createLogUpdate(stream as NodeJS.WriteStream);
    this.#refresh = setInterval(() => this.#draw(), REFRESH_MS);
    this.#refresh.unref();
  }

  print(...lines: string[]): void {
    this.#logUpdate.clear();
    for (const line of lines) this.#stream.write(`${line}\n`);
    this.#draw();
  }

  task(progress: TaskProgress): void {
    const isDone = progress.total !== undefined && progress.done >= progress.total;
    this.#task = isDone ? undefined : progress;
    this.#draw();
  }

  study({ progress, events }: ProgressChange): void {
    this.#progress = progress;
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

  #permanentLines(progress: StudyProgress, event: ProgressEvent): string[] {
    if (event.kind === "trial-ended") return trialBlock(progress.study, event.trial, event.bestSoFar);
    if (event.kind === "trial-requeued") {
      return [trialRequeuedLine(event.trial)];
    }
    return [];
  }

  #draw(): void {
    const lines = this.#updatedLines();
    if (lines.length > 0) this.#logUpdate(lines.join("\n"));
    else this.#logUpdate.clear();
  }

  #updatedLines(): string[] {
    const columns = this.#stream.columns ?? DEFAULT_COLUMNS;
    if (this.#task !== undefined) return [truncated(taskLine(this.#task), columns)];
    return this.#progress === undefined ? [] : liveLines(this.#progress, this.#now(), columns);
  }
}

function taskLine({ label, done, total, detail }: TaskProgress): string {
  return total === undefined ? `${label} ${detail}` : `${label} ${bar(done / total, TASK_BAR_CELLS)} ${detail}`;
}
