import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ArchiveError } from "@sintonia/files/archive/tar-entries";
import { ProgramGuard } from "@sintonia/program/process/guard";
import type { Failure } from "@sintonia/protocol/attempt-result";
import type { Checkpoint } from "@sintonia/protocol/checkpoint";
import type { Lease } from "@sintonia/protocol/lease";
import { firstLineOf } from "@sintonia/runtime/errors";
import { isProgramPlan, type ProgramPlan } from "@sintonia/tuning/plan/program-plan";
import { parseTrialPlan } from "@sintonia/tuning/plan/schema/parse";
import type { OutputSink, TrialOutput } from "../../ports/output-sink.js";
import type { TrainingInput } from "../../ports/training-process.js";
import type { LocalFiles, LocalTraining } from "../process/fetched-training.js";
import { deleteLeftFolders, keepTouched } from "./left-folders.js";
import { type ProgramSettings, ProgramTrial, type TrialEnd } from "./program-trial.js";
import { WorkFolder } from "./work-folder.js";

/** Time in ms that `close` waits for a program. After it, the guard ends the program. */
const CLOSE_MS = 6_000;

type Directive = "continue" | "stop";

/** The trial that runs. */
interface Current {
  /** Undefined while the folders are made. */
  trial?: ProgramTrial;
  /** Answers the epoch or the accepted checkpoint that waits. */
  answer?: (directive: Directive) => void;
  /** The newest checkpoint that was not asked for yet. */
  checkpoint?: Checkpoint;
  /** True while a checkpoint is asked for that the program has not made yet. */
  isSaveAwaited: boolean;
  isStopped: boolean;
  end: Promise<void>;
}

/** A training process that runs programs. Its engine is ready at once. */
export class ProgramTraining implements LocalTraining {
  readonly #settings: ProgramSettings;
  readonly #output: OutputSink;
  readonly #guard = new ProgramGuard();
  #emit: (event: TrainingInput) => void = () => {};
  #current: Current | undefined;
  #trialCount = 0;
  #touches: ReturnType<typeof keepTouched> | undefined;

  constructor(settings: ProgramSettings, output: OutputSink) {
    this.#settings = settings;
    this.#output = output;
  }

  /** Process id of the present program. */
  get pid(): number | undefined {
    return this.#current?.trial?.pid;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.#emit = emit;
    const { folder } = this.#settings;
    this.#touches = keepTouched(folder);
    void deleteLeftFolders(dirname(folder), Date.now());
    this.#emitLater({ type: "engine-ready" });
  }

  train(lease: Lease, files: LocalFiles, checkpoint?: Uint8Array): void {
    const current: Current = { isSaveAwaited: false, isStopped: false, end: Promise.resolve() };
    this.#current = current;
    current.end = this.#run(current, lease, files, checkpoint).then((event) => {
      if (this.#current === current) this.#current = undefined;
      this.#emit(current.isStopped ? { type: "engine-ready" } : event);
    });
  }

  resume(): void {
    this.#current?.answer?.("continue");
  }

  /**
   * Gives the newest checkpoint, or the next one that the program makes: the program alone decides
   * when its state can be stored.
   */
  save(): void {
    const current = this.#current;
    if (current === undefined) this.#emitLater({ type: "checkpoint-failed", message: "no program runs" });
    else {
      current.isSaveAwaited = true;
      queueMicrotask(() => this.#giveCheckpoint(current));
    }
  }

  stop(): void {
    const current = this.#current;
    if (current === undefined) {
      this.#emitLater({ type: "engine-ready" });
      return;
    }
    current.isStopped = true;
    if (current.answer === undefined) current.trial?.stop();
    else current.answer("stop");
  }

  async close(): Promise<void> {
    this.#emit = () => {};
    const current = this.#current;
    this.stop();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([current?.end, late]);
    clearTimeout(timer);
    this.#guard.close();
    this.#touches?.end();
    // Ignored: the guard deletes what a program still uses.
    await rm(this.#settings.folder, { recursive: true, force: true }).catch(() => {});
  }

  async #run(current: Current, lease: Lease, files: LocalFiles, checkpoint?: Uint8Array): Promise<TrainingInput> {
    const folder = new WorkFolder(join(this.#settings.folder, String(this.#trialCount++)), this.#settings.user);
    const output = this.#output.open(lease.key);
    try {
      const plan = readPlan(lease.planJson);
      if (plan === undefined) return failed("error", "The plan of the program is not valid.");
      const trial = new ProgramTrial({ lease, plan, files, folder }, this.#trialContext(current, output));
      current.trial = trial;
      if (checkpoint !== undefined) {
        const refusal = await this.#restore(current, trial, checkpoint);
        if (refusal !== undefined) return refusal;
      }
      if (current.isStopped) trial.stop();
      return eventOf(await trial.run());
    } catch (error) {
      // The folders of the trial cannot be made or stored here.
      return failed(error instanceof ArchiveError ? "error" : "trainer", `${firstLineOf(error)}.`);
    } finally {
      await output.close();
      await folder.remove().catch(() => {});
    }
  }

  #trialContext(current: Current, output: TrialOutput): ConstructorParameters<typeof ProgramTrial>[1] {
    return {
      settings: this.#settings,
      guard: this.#guard,
      now: () => performance.now(),
      onOutput: (bytes) => output.write(bytes),
      report: (measurement) => this.#ask(current, { type: "epoch-trained", measurement }),
      keep: (checkpoint) => {
        current.checkpoint = checkpoint;
        this.#giveCheckpoint(current);
      },
    };
  }

  /** Returns the event that ends the trial if the checkpoint is refused or the trial is stopped. */
  async #restore(current: Current, trial: ProgramTrial, bytes: Uint8Array): Promise<TrainingInput | undefined> {
    try {
      const covered = await trial.restore(bytes);
      const directive = await this.#ask(current, { type: "checkpoint-accepted", ...covered });
      return directive === "stop" ? { type: "engine-ready" } : undefined;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      return { type: "checkpoint-refused", message: error.message };
    }
  }

  #ask(current: Current, event: TrainingInput): Promise<Directive> {
    if (current.isStopped) return Promise.resolve("stop");
    return new Promise((resolve) => {
      current.answer = (directive) => {
        delete current.answer;
        resolve(directive);
      };
      this.#emit(event);
    });
  }

  /** Emits the newest checkpoint if it is asked for. */
  #giveCheckpoint(current: Current): void {
    const { checkpoint, isSaveAwaited, isStopped } = current;
    if (checkpoint === undefined || !isSaveAwaited || isStopped) return;
    current.isSaveAwaited = false;
    delete current.checkpoint;
    this.#emit({ type: "checkpoint-made", checkpoint });
  }

  /** Emits an event after the present call. */
  #emitLater(event: TrainingInput): void {
    queueMicrotask(() => this.#emit(event));
  }
}

function readPlan(planJson: string): ProgramPlan | undefined {
  const parsed = parseTrialPlan(JSON.parse(planJson));
  return parsed.ok && isProgramPlan(parsed.plan) ? parsed.plan : undefined;
}

function eventOf(end: TrialEnd): TrainingInput {
  switch (end.kind) {
    case "completed":
      return { type: "training-completed", weights: end.weights };
    case "failed":
      return { type: "training-failed", failure: end.failure };
    case "stopped":
      return { type: "engine-ready" };
  }
}

function failed(kind: Failure["kind"], message: string): TrainingInput {
  return { type: "training-failed", failure: { kind, message } };
}
