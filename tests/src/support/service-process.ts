import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connectAdminService } from "@sintonia/runtime/grpc/client";

/** A client of the admin service. */
export type AdminClient = ReturnType<typeof connectAdminService>["client"];

/** Returns the spec of a study of two trials, which a coordinator takes without any trainer. */
export function tinySpec(name: string): string {
  return `
name: ${name}
dataset: { name: mnist, split: { train: [0, 100], validation: [100, 200] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 2 }
oracle: { type: random }
parameters: { stddev: { type: double, min: 0.01, max: 0.10 } }
model:
  layers:
    - { units: 4, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.001 }
  loss: categorical_crossentropy
  batchSize: 32
  maxEpochs: 2
`;
}

/** A line of a service's log. */
export interface LogLine {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A service in a process of its own, built and wired as an installation has it. */
class ServiceProcess {
  readonly lines: LogLine[] = [];
  /** Text of standard error. */
  errors = "";
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;

  /**
   * @param main - its composition root, as an import
   * @param settings - environment variables
   */
  constructor(main: string, settings: Readonly<Record<string, string>>) {
    const env = { ...process.env, ...settings };
    this.#child = spawn(process.execPath, [fileURLToPath(main)], { env, stdio: ["ignore", "pipe", "pipe"] });
    createInterface(this.#child.stdout as NodeJS.ReadableStream).on("line", (line) => {
      this.lines.push(JSON.parse(line));
      this.#wake();
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.#child.once("close", () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  /** Waits for the `count`-th line with a message that satisfies a condition. */
  async line(message: string, count = 1, fits: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    for (;;) {
      const found = this.lines.filter((line) => line.message === message && fits(line))[count - 1];
      if (found !== undefined) return found;
      if (this.#hasEnded) throw new Error(`the service ended before "${message}": ${this.errors}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Sends a signal. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends the process, unless it has ended. Returns its exit code; null after a signal. */
  async end(name: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const ended = this.#hasEnded ? undefined : once(this.#child, "close");
    this.#child.kill(name);
    if (name !== "SIGKILL") this.#child.kill("SIGCONT");
    await ended;
    return this.#child.exitCode;
  }

  /** Waits for the end of the process. Returns its exit code. */
  async ended(): Promise<number | null> {
    if (!this.#hasEnded) await once(this.#child, "close");
    return this.#child.exitCode;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** A coordinator. The port of gRPC is a free one, unless the settings name one. */
export class CoordinatorProcess extends ServiceProcess {
  /** @param main - its composition root, as an import, if it is that of another checkout */
  constructor(
    settings: Readonly<Record<string, string>>,
    main: string = import.meta.resolve("@sintonia/coordinator/main"),
  ) {
    const open = {
      SINTONIA_GRPC_PORT: "0",
      SINTONIA_GRPC_SECURITY: "development",
      SINTONIA_NATS_SECURITY: "development",
    };
    super(main, { ...open, ...settings });
  }

  /** Address "host:port"; known once the process listens. */
  async address(): Promise<string> {
    return `127.0.0.1:${(await this.line("grpc server listens"))["port"]}`;
  }

  /** Waits until it is ready, and calls its admin service. */
  async withAdmin<T>(use: (client: AdminClient) => Promise<T>): Promise<T> {
    await this.line("coordinator ready");
    const { client, close } = connectAdminService(await this.address());
    try {
      return await use(client);
    } finally {
      close();
    }
  }
}

/** A trainer, which logs every epoch. */
export class TrainerProcess extends ServiceProcess {
  /** @param main - its composition root, as an import, if it is that of another checkout */
  constructor(
    settings: Readonly<Record<string, string>>,
    main: string = import.meta.resolve("@sintonia/trainer/main"),
  ) {
    super(main, { SINTONIA_LOG_LEVEL: "debug", ...settings });
  }
}
