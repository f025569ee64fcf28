import type { ProgressChange, ProgressEvent, StudyProgress } from "../study/progress/progress.js";
import type { Display, TaskProgress, TerminalStream } from "./display.js";
import { trialLine, trialStartLine, trialsDoneLine } from "./progress-lines.js";
import { trialBlock } from "./trial-block.js";

/** Often enough to see that a trial lives, seldom enough to read a log of ten trials. */
const EPOCH_LINE_INTERVAL_MS = 10_000;
const TASK_STEPS = 4;

/** Plain lines, for logs and pipes: nothing is overwritten. */
export class PlainDisplay implements Display {
  readonly #stream: TerminalStream;
  readonly #now: () => number;
  readonly #epochShownAt = new Map<string, number>();
  readonly #taskStep = new Map<string, number>();

  /** @param now - monotonic clock in milliseconds */
  constructor(stream: TerminalStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
  }

  print(...lines: string[]): void {
    for (const line of lines) this.#stream.write(`${line}\n`);
  }

  task({ label, done, total, detail }: TaskProgress): void {
    const step = total === undefined ? 0 : Math.floor((TASK_STEPS * done) / total);
    if ((this.#taskStep.get(label) ?? -1) >= step) return;
    this.#taskStep.set(label, step);
    this.print(`${label} ${detail}`);
  }

  study({ progress, events }: ProgressChange): void {
    for (const event of events) this.print(...this.#lines(progress, event));
  }

  close(): void {
    // Nothing moves, so nothing is to be put away.
  }

  #lines(progress: StudyProgress, event: ProgressEvent): string[] {
    const { study } = progress;
    switch (event.kind) {
      case "trial-started":
        this.#epochShownAt.set(event.trial.id, this.#now());
        return [trialStartLine(event.trial)];
      case "trial-requeued":
        return [`Trial ${event.trial.id} waits for another trainer (attempt ${event.trial.attempt})`];
      case "trial-ended":
        return [...trialBlock(study, event.trial, event.bestSoFar), trialsDoneLine(progress)];
      case "epoch":
        return this.#isDue(event.trial.id) ? [trialLine(study, event.trial)] : [];
    }
  }

  #isDue(trialId: string): boolean {
    const now = this.#now();
    if (now - (this.#epochShownAt.get(trialId) ?? -Infinity) < EPOCH_LINE_INTERVAL_MS) return false;
    this.#epochShownAt.set(trialId, now);
    return true;
  }
}
