import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { freePorts } from "@sintonia/cli/system/ports";

/** A real nats-server with JetStream in a child process, with its own store folder. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** Process id; another one after a restart. */
  readonly pid: number;
  /** Folder of its store. */
  readonly store: string;
  /** Ends the server and deletes its store. */
  stop(): Promise<void>;
  /** Kills the server as kill -9 does. The store stays. */
  kill(): Promise<void>;
  /** Sends a signal, for example SIGSTOP. */
  signal(name: NodeJS.Signals): void;
  /** Restarts the server on the same port and store. */
  restart(): Promise<void>;
}

/**
 * Starts a server on a free loopback port. SINTONIA_NATS_SERVER names the program.
 *
 * @default nats-server on the PATH
 * @param place - folder in which the server's store is created
 */
export async function startNatsServer(
  args: readonly string[] = ["--jetstream"],
  place = tmpdir(),
): Promise<NatsServer> {
  const store = await mkdtemp(path.join(place, "sintonia-nats-"));
  const [port = 0] = await freePorts(1);
  let child = await launch([...args, "--store_dir", store], port).catch(async (error: unknown) => {
    await rm(store, { recursive: true });
    throw error;
  });
  // Runs if this process ends without `stop`, for example at the time limit of the test runner. A
  // child process does not end with its parent.
  const abandon = (): void => {
    child.kill("SIGKILL");
    rmSync(store, { recursive: true, force: true });
  };
  process.once("exit", abandon);
  process.on("SIGTERM", exitOnTerm);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return {
    port,
    get pid() {
      return child.pid as number;
    },
    store,
    url: `nats://127.0.0.1:${port}`,
    kill,
    signal: (name) => {
      child.kill(name);
    },
    restart: async () => {
      await kill();
      child = await launch([...args, "--store_dir", store], port);
    },
    stop: async () => {
      process.off("exit", abandon);
      process.off("SIGTERM", exitOnTerm);
      await kill();
      await rm(store, { recursive: true });
    },
  };
}

const exitOnTerm = (): void => process.exit(143);

async function launch(args: readonly string[], port: number): Promise<ChildProcess> {
  const program = process.env["SINTONIA_NATS_SERVER"] || "nats-server";
  const child = spawn(program, ["--addr", "127.0.0.1", "--port", String(port), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await onceReady(child, program);
  return child;
}

/** Waits for the line of the log that says that the server is ready. */
function onceReady(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const log: string[] = [];
    const lines = createInterface({ input: child.stderr as NonNullable<ChildProcess["stderr"]> });
    lines.on("line", (line) => {
      log.push(line);
      if (line.endsWith("Server is ready")) resolve();
    });
    child.once("error", () => reject(new Error(missing(program))));
    child.once("exit", () => reject(new Error(`${program} ended before it was ready:\n${log.join("\n")}`)));
  });
}

function missing(program: string): string {
  return [
    `these tests need ${program}, which cannot be run.`,
    "Install it (Debian and Ubuntu: apt-get install nats-server; macOS: brew install nats-server;",
    "others: https://github.com/nats-io/nats-server/releases) or name one in SINTONIA_NATS_SERVER.",
  ].join(" ");
}
