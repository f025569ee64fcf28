import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stringify } from "yaml";

/** Interval of scrapes and of the evaluation of rules. */
const INTERVAL = "1s";

/** A series of an instant vector. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert of a rule. */
export interface Alert {
  readonly state: "pending" | "firing";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Setup {
  /** Folder of the programs. */
  readonly programs: string;
  /** Receives its configuration and its data. */
  readonly folder: string;
  /** Addresses to scrape, by the name of the job. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** Labels of all targets, as the discovery of a cluster adds them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** A file of rules. */
  readonly rules?: string;
}

/** A real Prometheus on a free loopback port. The caller ends it. */
export class PrometheusServer {
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.#address = address;
  }

  /** Starts a server that scrapes the targets every second. */
  static async start({ programs, folder, targets, labels = {}, rules }: Setup): Promise<PrometheusServer> {
    const jobs = Object.entries(targets).map(([job_name, addresses]) => ({
      job_name,
      static_configs: [{ targets: addresses, labels }],
    }));
    const times = { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL };
    const config = join(folder, "prometheus.yaml");
    const data = join(folder, "data");
    mkdirSync(data);
    writeFileSync(
      config,
      stringify({ global: times, rule_files: rules === undefined ? [] : [rules], scrape_configs: jobs }),
    );
    const place = ["--web.listen-address=127.0.0.1:0", `--storage.tsdb.path=${data}`];
    const command = [join(programs, "prometheus"), `--config.file=${config}`, "--log.format=json", ...place];
    const child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], { stdio: ["ignore", "ignore", "pipe"] });
    return new PrometheusServer(child, await listening(child));
  }

  /** URL for programs that ask it. */
  get url(): string {
    return `http://${this.#address}`;
  }

  /** Evaluates an expression at this time. */
  async query(expression: string): Promise<readonly Sample[]> {
    const { result } = await this.#get<{ result: readonly { metric: Sample["metric"]; value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  }

  /** Returns the names of all metrics that have series. */
  async names(): Promise<ReadonlySet<string>> {
    return new Set(await this.#get<readonly string[]>("label/__name__/values"));
  }

  /** Returns the alerts of all rules that are pending or fire. */
  async alerts(): Promise<readonly Alert[]> {
    return (await this.#get<{ alerts: readonly Alert[] }>("alerts")).alerts;
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
    if (status !== "success") throw new Error(`prometheus: ${path}: ${error}`);
    return data;
  }
}

/** Waits for the line with the address of the server. */
async function listening(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface(child.stderr as NodeJS.ReadableStream)) {
    lines.push(line);
    const { msg, address } = JSON.parse(line) as { msg: string; address?: string };
    if (msg !== "Listening on" || address === undefined) continue;
    child.stderr?.resume();
    return address;
  }
  throw new Error(`prometheus ended before it listened:\n${lines.join("\n")}`);
}

/**
 * Runs promtool to its end.
 *
 * @returns what it printed
 * @throws if it finds a fault; the message has what it printed
 */
export function promtool(programs: string, args: readonly string[], input = ""): string {
  return execFileSync(join(programs, "promtool"), args, { input, encoding: "utf8", stdio: "pipe" });
}
