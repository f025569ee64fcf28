import type { ProgressChange, ProgressEvent, StudyProgress } from "../study/progress/progress.js";
import { printableLine } from "../system/printable.js";
import type { Display, TaskProgress, TerminalStream } from "./display.js";
import { finalStepText, trialLine, trialRequeuedLine, trialStartLine, trialsDoneLine } from "./progress-lines.js";
import { trialBlock } from "./trial-block.js";

/**
 * Shortest interval between two epoch lines of a trial, so that a log of ten trials stays readable.
 */
const EPOCH_LINE_INTERVAL_MS = 10_000;
/** Lines of a task: one for each quarter. */
const TASK_STEPS = 4;

/** The display of logs and pipes: prints lines and overwrites nothing. */
export class PlainDisplay implements Display {
  readonly isTerminal = false;
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
    for (const line of lines) this.#stream.write(`${printableLine(line)}\n`);
  }

  task({ label, done, total, detail }: TaskProgress): void {
    const step = total === undefined ? 0 : Math.floor((TASK_STEPS * done) / total);
    if ((this.#taskStep.get(label) ?? -1) >= step) return;
    this.#taskStep.set(label, step);
    // The end of a step without a length says nothing new.
    if (step === 0 || detail !== "") this.print(`${label} ${detail || "..."}`);
  }

  study({ progress, events }: ProgressChange): void {
    for (const event of events) this.print(...this.#lines(progress, event));
  }

  close(): void {
    // Nothing to do: no line is ever updated.
  }

  #lines(progress: StudyProgress, event: ProgressEvent): string[] {
    const { study } = progress;
    switch (event.kind) {
      case "study-waiting":
        return [`Waiting: ${event.message}`];
      case "final-step":
        return [`The trials have ended: ${finalStepText(study)}`];
      case "trial-started":
        this.#epochShownAt.set(event.trial.id, this.#now());
        return [trialStartLine(event.trial)];
      case "trial-requeued":
        return [trialRequeuedLine(event.trial)];
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
