import { type EpochRules, type LineOutcome, startEpochs, takeEnd, takeLine } from "../report/epochs.js";
import type { ProgramReport, ReportLine } from "../report/report.js";
import type { ProgramEnd } from "./end.js";

/** The caller's answer to an epoch. */
export type Answer = "continue" | "stop";

/** The dependencies of an epoch flow. */
export interface EpochFlowOptions {
  readonly rules: EpochRules;
  /** Number of the first epoch, above 0 after a checkpoint. */
  readonly firstEpoch: number;
  /**
   * Gives an epoch to the caller, who makes it durable before the answer. A rejection ends the
   * execution; its message is the reason.
   */
  readonly onReport: (report: ProgramReport) => Promise<Answer>;
  /** Ends the execution. Only the first end counts. */
  readonly decide: (end: ProgramEnd) => void;
  /** Settles when an end is decided: the caller may then owe an answer for ever. */
  readonly decided: Promise<unknown>;
}

/**
 * Gives the epochs of an execution to the caller, one after the other, whichever channel they come
 * from.
 */
export class EpochFlow {
  readonly #options: EpochFlowOptions;
  #epochs;
  #isOver = false;
  #isComplete = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: EpochFlowOptions) {
    this.#options = options;
    this.#epochs = startEpochs(options.firstEpoch);
    void options.decided.then(() => {
      this.#isOver = true;
    });
  }

  /** True once an end is decided or the caller has answered "stop": further lines are ignored. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True once the program has begun an epoch beyond the last one. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Number of complete epochs. */
  get count(): number {
    return this.#epochs.next;
  }

  /** Names of the metrics that were seen since the last complete epoch. */
  get pendingNames(): readonly string[] {
    return Object.keys(this.#epochs.pending);
  }

  /**
   * Takes a line after the lines before it. Returns the answer if the line completed an epoch.
   */
  async take(line: ReportLine): Promise<Answer | undefined> {
    const before = this.#turn;
    let pass = (): void => {};
    this.#turn = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    try {
      return this.#isOver ? undefined : await this.#follow(takeLine(this.#epochs, line, this.#options.rules));
    } finally {
      pass();
    }
  }

  /** Takes the end of a program after its last line. */
  async takeEnd(): Promise<void> {
    await this.#turn;
    if (!this.#isOver) await this.#follow(takeEnd(this.#epochs, this.#options.rules));
  }

  async #follow(outcome: LineOutcome): Promise<Answer | undefined> {
    const { decide, decided } = this.#options;
    if (outcome.kind === "failed" || outcome.kind === "infeasible") {
      this.#isOver = true;
      decide(outcome);
      return undefined;
    }
    if (outcome.kind === "beyond") {
      this.#isOver = true;
      this.#isComplete = true;
      return "stop";
    }
    this.#epochs = outcome.epochs;
    if (outcome.kind === "nothing") return undefined;
    const answer = await Promise.race([this.#ask(outcome.report), decided.then(() => "stop" as const)]);
    if (answer === "stop") this.#isOver = true;
    return answer;
  }

  /** Asks the caller. A caller that cannot take the epoch ends the execution. */
  async #ask(report: ProgramReport): Promise<Answer> {
    const { onReport, decide } = this.#options;
    try {
      return await onReport(report);
    } catch (error) {
      decide({ kind: "failed", message: `${error instanceof Error ? error.message : String(error)}.` });
      return "stop";
    }
  }
}
