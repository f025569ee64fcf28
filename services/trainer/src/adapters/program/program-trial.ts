// One trial of a program: its executions one after the other, from the beginning or a checkpoint.

import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { programEnvironment } from "@sintonia/program/command/environment";
import type { ProgramEnd } from "@sintonia/program/execution/end";
import { ProgramExecution } from "@sintonia/program/execution/program-execution";
import type { ExecutionFolder, ProgramUser } from "@sintonia/program/folder/execution-folder";
import type { ProgramGuard } from "@sintonia/program/process/guard";
import type { ProgramReport } from "@sintonia/program/report/report";
import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint } from "@sintonia/protocol/checkpoint";
import type { Lease } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import type { ProgramPlan } from "@sintonia/tuning/plan/program-plan";
import type { LocalFiles } from "../process/fetched-training.js";
import { TESTED_ARTIFACTS } from "../process/plan-files.js";
import { namesIn, packFolders, unpackFolders } from "./archive.js";
import { packCheckpoint, unpackCheckpoint } from "./program-checkpoint.js";
import { afterEpoch, afterExecution, BEGINNING, type Progress } from "./progress.js";
import type { WorkFolder } from "./work-folder.js";

/** The settings of all programs of a trainer. */
export interface ProgramSettings {
  /** Environment of the trainer, of which programs inherit a short list. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly threads: number;
  /** GPU as CUDA_VISIBLE_DEVICES names it; undefined for those that the trainer has. */
  readonly gpu?: string | undefined;
  /** User of the programs; undefined for the trainer's own. */
  readonly user?: ProgramUser | undefined;
  /** Folder of all trials, as an absolute path. */
  readonly folder: string;
}

/** The trial to run. */
export interface TrialSubject {
  readonly lease: Lease;
  readonly plan: ProgramPlan;
  readonly files: LocalFiles;
  readonly folder: WorkFolder;
}

/** What a trial needs of its training process. */
export interface TrialContext {
  readonly settings: ProgramSettings;
  readonly guard: ProgramGuard;
  /** Reports an epoch, and waits for the answer. */
  readonly report: (measurement: Measurement) => Promise<"continue" | "stop">;
  /** Takes a checkpoint. A later one replaces it. */
  readonly keep: (checkpoint: Checkpoint) => void;
  readonly onOutput: (bytes: Buffer) => void;
  /** Monotonic time in ms. */
  readonly now: () => number;
}

/** The end of a trial. */
export type TrialEnd =
  | { readonly kind: "completed"; readonly weights: Weights }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "stopped" };

/**
 * Attempts after which the wish for another one fails the trial, so that a program that always asks
 * does not run for ever.
 */
const ATTEMPTS_MAX = 100;

/** A trial of a program. */
export class ProgramTrial {
  readonly #subject: TrialSubject;
  readonly #context: TrialContext;
  #progress: Progress = BEGINNING;
  #execution: ProgramExecution | undefined;
  #isStopped = false;
  #isRestored = false;

  constructor(subject: TrialSubject, context: TrialContext) {
    this.#subject = subject;
    this.#context = context;
  }

  /** Process id of the present execution. */
  get pid(): number | undefined {
    return this.#execution?.pid;
  }

  /**
   * Restores a checkpoint, before `run`.
   *
   * @returns the last epoch that the checkpoint covers
   * @throws {ArchiveError} if the checkpoint is damaged, or of another trial or plan
   */
  async restore(bytes: Uint8Array): Promise<{ readonly execution: number; readonly epoch: number }> {
    const { folder } = this.#subject;
    await folder.make();
    this.#isRestored = true;
    this.#progress = await unpackCheckpoint(bytes, folder.stored, this.#owner());
    return this.#progress.covered ?? { execution: 0, epoch: 0 };
  }

  /**
   * Runs the executions that are left. The result of a test has the files that it added to those of
   * the tested trial.
   */
  async run(): Promise<TrialEnd> {
    const { plan, folder } = this.#subject;
    await folder.make();
    if (!this.#isRestored) await this.#unpackTested();
    while (this.#progress.execution < plan.seeds.length) {
      const end = this.#isStopped ? ({ kind: "stopped" } as const) : await this.#runExecution();
      if (end.kind !== "completed") return this.#trialEnd(end);
      await this.#endExecution();
    }
    const tested = await this.#testedArchive();
    const except = tested === undefined ? new Set<string>() : await namesIn(tested);
    const bytes = await packFolders({ folders: { artifacts: folder.stored.best }, except });
    return { kind: "completed", weights: { bytes, sha256: sha256Of(bytes), keptEpochs: this.#progress.keptEpochs } };
  }

  /** Puts the files of the tested trial into the folder of artifacts. A checkpoint has them too. */
  async #unpackTested(): Promise<void> {
    const archive = await this.#testedArchive();
    if (archive !== undefined) await unpackFolders(archive, { artifacts: this.#subject.folder.stored.artifacts });
  }

  /** Reads what the tested trial left; undefined unless this is a test. */
  async #testedArchive(): Promise<Buffer | undefined> {
    const { plan, files } = this.#subject;
    return plan.tests === undefined ? undefined : await readFile(files[TESTED_ARTIFACTS] as string);
  }

  /** Ends the program. `run` then returns `stopped`, unless another end came first. */
  stop(): void {
    this.#isStopped = true;
    this.#execution?.stop();
  }

  async #runExecution(): Promise<ProgramEnd> {
    const { plan, files, folder } = this.#subject;
    const { program, training, values, objective, tests } = plan;
    const paths = await folder.makeExecution(values, program.files ?? {}, files);
    const { timeoutSeconds, graceSeconds, command, metrics } = program;
    const { guard, onOutput, settings } = this.#context;
    this.#execution = new ProgramExecution(
      {
        command,
        environment: this.#environment(paths),
        folder: paths,
        guardedFolder: folder.root,
        mark: randomUUID(),
        user: settings.user,
        metrics,
        objective: tests === undefined ? objective.metric : undefined,
        maxEpochs: training?.maxEpochs,
        firstEpoch: this.#progress.epoch,
        timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
        graceMs: graceSeconds * 1000,
      },
      { guard, onOutput, onReport: this.#reporter() },
    );
    if (this.#isStopped) this.#execution.stop();
    return await this.#execution.end;
  }

  #environment(paths: ExecutionFolder): Record<string, string> {
    const { plan, lease } = this.#subject;
    const { environment, threads, gpu, user } = this.#context.settings;
    const { execution } = this.#progress;
    const { studyId: study, trialId, attempt } = lease.key;
    const trial = plan.tests?.trialId ?? trialId;
    // The home of the trainer's user is not that of another one.
    const inherited = user === undefined ? environment : { ...environment, HOME: paths.work };
    const seed = plan.seeds[execution] as number;
    const facts = { values: plan.values, seed, execution, study, trial, attempt, threads, gpu };
    return programEnvironment(inherited, plan.program.environment ?? {}, facts, paths);
  }

  /** Returns the function that reports the epochs of one execution. */
  #reporter(): (report: ProgramReport) => Promise<"continue" | "stop"> {
    const { now, report: ask } = this.#context;
    const { plan } = this.#subject;
    let sinceMs = now();
    return async ({ epoch, metrics, checkpoint }) => {
      const { execution } = this.#progress;
      const seconds = (now() - sinceMs) / 1000;
      const kept = usableMetrics(metrics, plan);
      const answer = await ask({ execution, epoch, metrics: kept, learningRate: 0, seconds });
      if (answer === "stop") return answer;
      this.#progress = afterEpoch(this.#progress, epoch, metrics[plan.objective.metric] ?? Number.NaN, plan);
      if (checkpoint) await this.#checkpoint();
      sinceMs = now();
      return answer;
    };
  }

  async #endExecution(): Promise<void> {
    const { plan, folder } = this.#subject;
    const { isBest, progress } = afterExecution(this.#progress, plan);
    if (isBest) await folder.keepArtifacts();
    await folder.endExecution();
    this.#progress = progress;
    if (progress.execution < plan.seeds.length) await this.#checkpoint();
  }

  async #checkpoint(): Promise<void> {
    const bytes = await packCheckpoint(this.#subject.folder.stored, this.#progress, this.#owner());
    const { covered } = this.#progress;
    if (covered !== undefined) this.#context.keep({ ...covered, bytes, sha256: sha256Of(bytes) });
  }

  #owner(): { readonly lease: Lease["key"]; readonly planJson: string } {
    const { lease } = this.#subject;
    return { lease: lease.key, planJson: lease.planJson };
  }

  #trialEnd(end: Exclude<ProgramEnd, { kind: "completed" }>): TrialEnd {
    switch (end.kind) {
      case "stopped":
        return end;
      case "failed":
        return { kind: "failed", failure: { kind: "error", message: end.message } };
      case "infeasible":
        return { kind: "failed", failure: { kind: "infeasible", message: end.message } };
      case "retry":
        return { kind: "failed", failure: retryFailure(end.message, this.#subject.lease.key.attempt) };
    }
  }
}

/** Hands the attempt back without counting it, unless the program has asked too often. */
function retryFailure(message: string, attempt: number): Failure {
  if (attempt < ATTEMPTS_MAX) return { kind: "preempted", message };
  return { kind: "error", message: `${message} It was attempt ${attempt}; no more than ${ATTEMPTS_MAX} are made.` };
}

/**
 * Leaves out numbers that are not finite, except for the objective: only the objective decides
 * whether values are infeasible. In a test no metric is needed in particular.
 *
 * @throws {RangeError} if a test has no finite number
 */
function usableMetrics(
  metrics: ProgramReport["metrics"],
  { objective, tests }: Pick<ProgramPlan, "objective" | "tests">,
): Record<string, number> {
  const needed = tests === undefined ? objective.metric : undefined;
  const usable = Object.entries(metrics).filter(([name, value]) => name === needed || Number.isFinite(value));
  if (usable.length > 0) return Object.fromEntries(usable);
  throw new RangeError(`The program reported no finite number, only ${Object.keys(metrics).join(", ")}`);
}

function sha256Of(bytes: Uint8Array): Weights["sha256"] {
  return nameOf(SHA256, createHash("sha256").update(bytes).digest("hex"));
}
