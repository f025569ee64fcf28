import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Lease } from "@sintonia/protocol/lease";
import type { Logger } from "@sintonia/runtime/logger";
import type { TrainingInput } from "../../ports/training-process.js";
import type { TrialLogs } from "../../shell/trial-logs.js";
import type { LocalFiles, LocalTraining } from "./fetched-training.js";
import { type ChildSettings, type Command, parseReport, type Report } from "./protocol.js";

const CHILD_PATH = fileURLToPath(new URL("./child/child-main.js", import.meta.url));
/**
 * Options of Node for the child. ONNX Runtime reports the outputs of each step to V8 as new memory,
 * although they lie in the session's memory. V8 therefore collects garbage about ten times a
 * second. By default it does so with four further threads, which slow down trainers on the other
 * cores (docs/performance.md).
 */
const CHILD_OPTIONS: readonly string[] = ["--single-threaded-gc"];

/**
 * The activity of the child. `waiting`: for the directive after an epoch. `stopping`: after the
 * directive "stop".
 */
type Activity = "starting" | "ready" | "training" | "waiting" | "stopping";

/** How Node runs the child. */
export interface ChildHost {
  readonly env: NodeJS.ProcessEnv;
  /** Options of Node. @default without threads of the garbage collection */
  readonly options?: readonly string[];
}

/**
 * A training process that is a child of this process. The child ends when the channel to its
 * parent closes.
 */
export class ForkedTraining implements LocalTraining {
  readonly #settings: ChildSettings;
  readonly #logs: TrialLogs;
  readonly #host: ChildHost;
  #trialLogger: Logger;
  #emit: (event: TrainingInput) => void = () => {};
  #child: ChildProcess | undefined;
  #activity: Activity = "starting";

  constructor(settings: ChildSettings, logs: TrialLogs, host: ChildHost) {
    this.#settings = settings;
    this.#host = host;
    this.#logs = logs;
    this.#trialLogger = logs.logger;
  }

  /** Process id of the present child. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(emit: (event: TrainingInput) => void): void {
    this.#emit = emit;
    this.#fork();
  }

  train({ key, planJson }: Lease, files: LocalFiles, checkpoint?: Uint8Array): void {
    this.#trialLogger = this.#logs.of(key);
    this.#activity = "training";
    this.#send({ type: "train", planJson, lease: key, files, checkpoint });
  }

  resume(): void {
    this.#activity = "training";
    this.#send({ type: "answer", directive: "continue" });
  }

  save(): void {
    this.#send({ type: "save" });
  }

  stop(): void {
    if (this.#activity === "waiting") {
      this.#activity = "stopping";
      this.#send({ type: "answer", directive: "stop" });
    } else if (this.#activity === "ready") {
      queueMicrotask(() => this.#emit({ type: "engine-ready" }));
    } else if (this.#child !== undefined && this.#activity === "training") {
      this.#child.kill("SIGKILL");
      this.#fork();
    }
  }

  async close(): Promise<void> {
    this.#emit = () => {};
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /**
   * Forks the child. Its standard output goes to standard error, since the trainer logs to
   * standard output.
   */
  #fork(): void {
    const { env, options = CHILD_OPTIONS } = this.#host;
    const child = fork(CHILD_PATH, [], {
      serialization: "advanced",
      stdio: ["ignore", 2, 2, "ipc"],
      execArgv: [...options],
      env,
    });
    this.#child = child;
    this.#activity = "starting";
    const ended = (detail: string): void => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#emit({ type: "child-died", detail });
    };
    child.on("message", (message) => {
      if (this.#child !== child) return;
      const report = parseReport(message);
      if (report !== undefined) return this.#receive(report);
      child.kill("SIGKILL");
      ended("killed after a message that is no report");
    });
    child.on("exit", (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.on("error", (error) => ended(error.message));
    this.#send({ type: "start", settings: this.#settings });
  }

  #send(command: Command): void {
    // Ignored: an unreachable child is about to exit, and `exit` follows.
    this.#child?.send(command, () => {});
  }

  #receive(report: Report): void {
    switch (report.type) {
      case "ready":
        this.#logs.logger.info({ engine: this.#settings.engine, description: report.description }, "engine ready");
        this.#becomeReady({ type: "engine-ready" });
        break;
      case "engine-failed":
        this.#logs.logger.debug({ stack: report.stack }, "engine failed");
        this.#emit(report);
        break;
      case "data-opened": {
        const { name, kind, folder } = report;
        this.#trialLogger.info({ name, source: kind, folder }, "data set opened");
        break;
      }
      case "accepted":
        this.#activity = "waiting";
        this.#emit({ type: "checkpoint-accepted", execution: report.execution, epoch: report.epoch });
        break;
      case "refused":
        this.#becomeReady({ type: "checkpoint-refused", message: report.message });
        break;
      case "checkpoint": {
        const { type: _, ...checkpoint } = report;
        this.#emit({ type: "checkpoint-made", checkpoint });
        break;
      }
      case "unsaved":
        this.#emit({ type: "checkpoint-failed", message: report.message });
        break;
      case "epoch":
        this.#activity = "waiting";
        this.#emit({ type: "epoch-trained", measurement: report.measurement, examples: report.examples });
        break;
      default:
        this.#receiveEnd(report);
        break;
    }
  }

  #receiveEnd(report: TrialEnd): void {
    if ("stack" in report) this.#trialLogger.debug({ stack: report.stack }, "training raised an error");
    this.#becomeReady(this.#activity === "stopping" ? { type: "engine-ready" } : eventOf(report));
  }

  #becomeReady(event: TrainingInput): void {
    this.#activity = "ready";
    this.#emit(event);
  }
}

type TrialEnd = Extract<
  Report,
  { type: "completed" | "infeasible" | "failed" | "data-unusable" | "unsuitable" | "stopped" }
>;

function eventOf(report: TrialEnd): TrainingInput {
  switch (report.type) {
    case "completed": {
      const { type: _, ...weights } = report;
      return { type: "training-completed", weights };
    }
    case "infeasible":
      return { type: "training-failed", failure: { kind: "infeasible", message: report.message } };
    case "failed":
      return { type: "training-failed", failure: { kind: "error", message: report.message } };
    case "data-unusable":
    case "unsuitable":
      return { type: "training-failed", failure: { kind: "trainer", message: report.message } };
    case "stopped":
      return { type: "engine-ready" };
  }
}
