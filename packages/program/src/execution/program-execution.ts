// One execution of a program, from its start to the end of its last process.
//
// 1. The program starts in a process group of its own. Its channels are read from then on.
// 2. Each epoch is given to the caller, one after the other. The program gets the caller's answer.
// 3. The first process exits, or an end is decided before: by the caller, a limit or a fault. Then
//    every process gets SIGTERM and, after the grace time, SIGKILL.
// 4. What was written before is read. The end follows when no process is left.

import { setTimeout as delay } from "node:timers/promises";
import type { Channels } from "../channel/channels.js";
import { MARK_VARIABLE } from "../command/environment.js";
import { type Disk, diskFault, systemDisk } from "../folder/disk.js";
import type { ExecutionFolder, ProgramUser } from "../folder/execution-folder.js";
import { lastLines } from "../output/last-lines.js";
import { type KeptOutput, OutputRing } from "../output/output-ring.js";
import type { ProgramGuard } from "../process/guard.js";
import type { ProcessMark } from "../process/process-table.js";
import { type StartedProcess, startProcess } from "../process/start.js";
import { terminate } from "../process/termination.js";
import type { ProgramReport } from "../report/report.js";
import type { MetricsSource } from "../report/scraped-line.js";
import { endOf, type ProgramEnd } from "./end.js";
import { type Answer, EpochFlow } from "./epoch-flow.js";
import { readChannels } from "./read-channels.js";

/**
 * Time in ms that a program has to end by itself before it gets SIGTERM: after the directive
 * "stop", and after its last epoch once it has begun a further one.
 */
const DIRECTIVE_MS = 5_000;
/** Silence in ms after which processes that outlive the first one count as left behind. */
const LINGER_MS = 1_000;
/** Time in ms after which processes that outlive the first one and still write are left behind. */
const LINGER_MAX_MS = 3_000;
/** Silence in ms after which a pipe is given up: a process holds it that could not be ended. */
const ABANDON_MS = 200;
/** Interval in ms of the looks at the disk. */
const DISK_MS = 1_000;

/** What to run. */
export interface ProgramRun {
  /** The program and its arguments, with every value in place. */
  readonly command: readonly string[];
  /** The whole environment; see `programEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: ExecutionFolder;
  /** Folder around it that the guard deletes; the execution's own if undefined. */
  readonly guardedFolder?: string | undefined;
  /** Text that no other execution on this machine has. */
  readonly mark: string;
  readonly user?: ProgramUser | undefined;
  readonly metrics: MetricsSource;
  /**
   * Name of the metric that every epoch has. Undefined if an epoch may have any: what is read of
   * printed lines is then one epoch, at the end.
   */
  readonly objective?: string | undefined;
  /** Number of epochs after which a further one ends the execution, which is then complete. */
  readonly maxEpochs?: number | undefined;
  /** Number of the first epoch, above 0 after a checkpoint. */
  readonly firstEpoch: number;
  /** Time limit in ms; undefined for none. */
  readonly timeoutMs?: number | undefined;
  /** Time from SIGTERM to SIGKILL in ms. */
  readonly graceMs: number;
}

/** What an execution needs of its caller. */
export interface ProgramContext {
  /** Makes an epoch durable, and tells the program how to go on. Epochs come one at a time. */
  readonly onReport: (report: ProgramReport) => Promise<Answer>;
  /** Receives the output as it is written. The bytes are valid during the call. */
  readonly onOutput?: (bytes: Buffer) => void;
  readonly guard: ProgramGuard;
  /** @default the disks of the machine */
  readonly disk?: Disk;
}

/** One execution of a program. */
export class ProgramExecution {
  /** The end, when no process of the execution is left. Does not reject. */
  readonly end: Promise<ProgramEnd>;
  readonly #run: ProgramRun;
  readonly #context: ProgramContext;
  readonly #output = new OutputRing();
  readonly #flow: EpochFlow;
  #decided: ProgramEnd | undefined;
  #pid: number | undefined;
  /** Time in ms that the program gets to end by itself once its end is decided. */
  #patienceMs = 0;
  #settleDecided: () => void = () => {};
  readonly #isDecided: Promise<void>;

  /** Starts the program. */
  constructor(run: ProgramRun, context: ProgramContext) {
    this.#run = run;
    this.#context = context;
    this.#isDecided = new Promise((resolve) => {
      this.#settleDecided = resolve;
    });
    this.#flow = new EpochFlow({
      rules: { objective: run.objective, maxEpochs: run.maxEpochs },
      firstEpoch: run.firstEpoch,
      onReport: context.onReport,
      decide: (end) => this.#decide(end),
      decided: this.#isDecided,
    });
    this.end = this.#execute().catch((error: unknown) => ({
      kind: "failed" as const,
      message: `The program could not be run: ${error instanceof Error ? error.message : String(error)}.`,
    }));
  }

  /** Process id of the program; undefined until it has started. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Ends the program, whatever it does. Its end is `stopped` unless another end came first. */
  stop(): void {
    this.#decide({ kind: "stopped" });
  }

  /** Returns the kept parts of the output so far. */
  output(): KeptOutput {
    return this.#output.kept();
  }

  #decide(end: ProgramEnd): void {
    this.#decided ??= end;
    this.#settleDecided();
  }

  async #execute(): Promise<ProgramEnd> {
    const { command, environment, folder, guardedFolder = folder.root, user, mark, graceMs } = this.#run;
    const { guard } = this.#context;
    const marked: ProcessMark = { mark, folder: guardedFolder };
    guard.watch({ ...marked, graceMs });
    const start = await startProcess({
      command,
      environment: { ...environment, [MARK_VARIABLE]: mark },
      folder: folder.work,
      controlFolder: folder.control,
      user,
    });
    try {
      if (start.kind === "failed") return this.#decided ?? { kind: "failed", message: start.fault };
      this.#pid = start.process.pid;
      guard.watch({ ...marked, graceMs, group: start.process.pid });
      return await this.#untilEnd(start.process, { ...marked, group: start.process.pid });
    } finally {
      guard.forget(mark);
    }
  }

  async #untilEnd(started: StartedProcess, marked: ProcessMark): Promise<ProgramEnd> {
    const channels = this.#readChannels(started);
    const limits = this.#watchLimits();
    const [exit] = await Promise.all([started.exit, this.#terminateOnceDecided(started, marked)]);
    limits.abort();
    await channels.drained(LINGER_MS, LINGER_MAX_MS);
    await terminate(marked, this.#run.graceMs);
    if (!(await channels.drained(ABANDON_MS, LINGER_MAX_MS))) await terminate({ ...marked, holdsPipes: true }, 0);
    await channels.close();
    started.pipes.directives.destroy();
    if (exit.code === 0) await this.#flow.takeEnd();
    return endOf({
      decided: this.#decided,
      exit,
      epochs: this.#flow.count,
      objective: this.#run.objective,
      otherMetrics: this.#flow.pendingNames,
      lastLines: lastLines(this.#output.kept()),
    });
  }

  #readChannels({ pipes }: StartedProcess): Channels {
    const { metrics, folder, objective } = this.#run;
    return readChannels({
      pipes,
      metrics,
      objective,
      folder,
      flow: this.#flow,
      onOutput: (bytes) => {
        this.#output.append(bytes);
        this.#context.onOutput?.(bytes);
      },
      onStop: (isTold) => {
        const { isComplete } = this.#flow;
        this.#patienceMs = isTold || isComplete ? DIRECTIVE_MS : 0;
        this.#decide({ kind: isComplete ? "completed" : "stopped" });
      },
    });
  }

  /** Ends the processes when an end is decided before the first process exits. */
  async #terminateOnceDecided({ exit }: StartedProcess, marked: ProcessMark): Promise<void> {
    await Promise.race([exit, this.#isDecided]);
    if (this.#decided === undefined) return;
    await endsWithin(exit, this.#patienceMs);
    await terminate(marked, this.#run.graceMs);
  }

  /** Decides the end of a program that exceeds its time or fills the disk. */
  #watchLimits(): AbortController {
    const { timeoutMs, folder } = this.#run;
    const over = new AbortController();
    const timers: NodeJS.Timeout[] = [];
    if (timeoutMs !== undefined) {
      const message = `The program took longer than ${timeoutMs / 1000} s, the limit program.timeoutSeconds.`;
      timers.push(setTimeout(() => this.#decide({ kind: "failed", message }), timeoutMs));
    }
    const { disk = systemDisk } = this.#context;
    const look = async (): Promise<void> => {
      // Ignored: without a look at the disk the program goes on.
      const message = await diskFault(disk, folder.root).catch(() => undefined);
      if (message !== undefined && !over.signal.aborted) this.#decide({ kind: "failed", message });
    };
    timers.push(setInterval(() => void look(), DISK_MS));
    over.signal.addEventListener("abort", () => timers.forEach(clearTimeout));
    return over;
  }
}

/** Waits for the end of a process, but not longer than a time. */
async function endsWithin(exit: Promise<unknown>, limitMs: number): Promise<void> {
  if (limitMs === 0) return;
  const timer = new AbortController();
  await Promise.race([exit, delay(limitMs, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}
