import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LoopDelay } from "./loop-delay.js";

/** The options of the coordinator's image. */
const V8_OPTIONS = ["--v8-pool-size=1", "--max-semi-space-size=16", "--heap-growing-percent=150"];

/** The real coordinator in a separate process, with a monitor of its event loop. */
export class CoordinatorProcess {
  readonly address: string;
  readonly #child: ChildProcess;
  /** A state folder that ends with the process. */
  readonly #ownStateDir: string | undefined;

  private constructor(child: ChildProcess, { port, ownStateDir }: { port: number; ownStateDir: string | undefined }) {
    this.#child = child;
    this.#ownStateDir = ownStateDir;
    this.address = `127.0.0.1:${port}`;
  }

  /**
   * Starts a coordinator and waits until it is ready.
   *
   * @param givenStateDir - stays when the process ends
   * @default a new folder, which ends with the process
   * @param settings - further environment variables
   */
  static async start(
    natsUrl: string,
    givenStateDir?: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<CoordinatorProcess> {
    const stateDir = givenStateDir ?? (await mkdtemp(join(tmpdir(), "sintonia-event-loop-")));
    const monitor = new URL("./monitor.js", import.meta.url).href;
    const program = fileURLToPath(import.meta.resolve("@sintonia/coordinator/main"));
    const child = spawn(process.execPath, [...V8_OPTIONS, "--import", monitor, program], {
      env: {
        ...process.env,
        SINTONIA_NATS_URL: natsUrl,
        SINTONIA_GRPC_PORT: "0",
        SINTONIA_GRPC_SECURITY: "development",
        SINTONIA_NATS_SECURITY: "development",
        SINTONIA_STATE_DIR: stateDir,
        SINTONIA_PARENT_WATCH: "stdin",
        ...settings,
      },
      stdio: ["pipe", "pipe", "inherit", "ipc"],
    });
    return new CoordinatorProcess(child, {
      port: await portOf(child),
      ownStateDir: givenStateDir === undefined ? stateDir : undefined,
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("the coordinator did not start");
    return this.#child.pid;
  }

  /** Starts a new measurement of the event loop. */
  beginMeasuring(): void {
    this.#child.send("begin");
  }

  /** Ends the measurement and returns its result. */
  async loopDelay(): Promise<LoopDelay> {
    this.#child.send("end");
    const [delay] = (await once(this.#child, "message")) as [LoopDelay];
    return delay;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    if (this.#ownStateDir !== undefined) await rm(this.#ownStateDir, { recursive: true });
  }
}

/** Reads the port from the coordinator's log. */
async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("the coordinator has no standard output");
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the coordinator ended with ${code} before it was ready`)));
    lines.on("line", (line) => {
      const { message, port } = JSON.parse(line) as { message?: string; port?: number };
      if (message === "coordinator ready" && port !== undefined) resolve(port);
    });
  });
}
