import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorLineOf } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";
import { home, programsEnvironment } from "./home.js";

/**
 * Upper limit of the start in ms. It takes a second or two, after the end of another engine of this
 * checkout, which tests that run at the same time may use for some minutes.
 */
const START_MS = 600_000;
/** Upper limit of the orderly end in ms; then the kernel ends all processes of the engine. */
const STOP_MS = 20_000;

/** A running Docker engine of the tests' own. */
export interface OwnEngine {
  /** Its address, for DOCKER_HOST. */
  readonly host: string;
  stop(): void;
}

/** Returns true if ./scripts/test has prepared an engine for this checkout. */
export function hasOwnEngine(): boolean {
  return existsSync(home.programs);
}

/**
 * Starts an engine on a socket of its own. It has no default network, which would need the rights
 * and the programs to change the machine's firewall: a build needs the machine's network
 * (`--network host`), and a container one of its own.
 *
 * The engine ends with this process, however that ends: the kernel kills its process namespace,
 * and its mounts are in a namespace too.
 *
 * @throws {StepError} if the engine does not answer; contains the reason that it printed
 */
export async function startOwnEngine(): Promise<OwnEngine> {
  mkdirSync(home.data, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "sintonia-docker-"));
  const socket = join(folder, "docker.sock");
  const log = join(folder, "log");
  const child = launch(folder, { socket, log: openSync(log, "w") });
  const host = `unix://${socket}`;
  const stop = (): void => {
    process.off("exit", stop);
    for (const signal of SIGNALS) process.off(signal, exitOnSignal);
    if (isRunning(child)) removeContainers(host);
    end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", stop);
  for (const signal of SIGNALS) process.on(signal, exitOnSignal);
  if (!(await answers(child, socket))) {
    const reason = errorLineOf(readFileSync(log, "utf8"));
    stop();
    throw new StepError("Docker engine", { reason, advice: `wait for the end of the process that locks ${home.lock}` });
  }
  // An engine that was killed leaves containers and networks in its data.
  removeContainers(host);
  return { host, stop };
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const exitOnSignal = (): void => process.exit(1);

function launch(folder: string, { socket, log }: { readonly socket: string; readonly log: number }): ChildProcess {
  const namespaces = ["--mount", "--pid", "--mount-proc", "--fork", "--kill-child"];
  const files = ["--data-root", home.data, "--exec-root", join(folder, "exec"), "--pidfile", join(folder, "pid")];
  const network = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-masq=false"];
  const command = ["dockerd", "--host", `unix://${socket}`, ...files, ...network];
  const locked = ["--pdeathsig", "KILL", "flock", "--no-fork", home.lock];
  return spawn("setpriv", [...locked, "unshare", ...namespaces, ...command], {
    env: { ...process.env, ...programsEnvironment() },
    stdio: ["ignore", log, log],
    // Ctrl-C reaches the tests first, which still need the engine.
    detached: true,
  });
}

/** Waits for connections. @returns false if the engine ends or the time limit passes */
async function answers(child: ChildProcess, socket: string): Promise<boolean> {
  const limit = performance.now() + START_MS;
  while (isRunning(child) && performance.now() < limit) {
    if (await accepts(socket)) return true;
    await delay(100);
  }
  return false;
}

async function accepts(socket: string): Promise<boolean> {
  const connection = createConnection(socket);
  try {
    await once(connection, "connect");
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}

/** Removes all containers, and all networks, whose bridges would outlive the engine. */
function removeContainers(host: string): void {
  const script =
    "docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes; docker network prune --force";
  const env = { ...process.env, ...programsEnvironment(), DOCKER_HOST: host };
  spawnSync("sh", ["-c", script], { env, stdio: "ignore", timeout: STOP_MS });
}

/** Ends the engine. Does not use the event loop, which has ended at the exit of the process. */
function end(child: ChildProcess): void {
  if (!isRunning(child)) return;
  const engine = childOf(child.pid as number);
  const wait = `kill -TERM ${engine} && while kill -0 ${engine}; do sleep 0.1; done`;
  if (engine !== undefined) spawnSync("sh", ["-c", wait], { stdio: "ignore", timeout: STOP_MS });
  child.kill("SIGKILL");
}

/** Returns the first child of a process; undefined if there is none. */
function childOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0] || undefined;
  } catch {
    return undefined; // The process has ended.
  }
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
