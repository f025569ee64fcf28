import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { readRecords } from "@sintonia/coordinator/shell/study/journal";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { collect } from "../collect.js";
import { type NatsServer, startNatsServer } from "../nats-server.js";
import { CoordinatorProcess, TrainerProcess } from "../service-process.js";

/** A NATS server and a coordinator in processes of their own, and the trainers of a test. */
export class Workplace {
  readonly folder: string;
  readonly #nats: NatsServer;
  readonly coordinator: CoordinatorProcess;
  readonly #trainers = new Set<TrainerProcess>();

  private constructor(nats: NatsServer, folder: string, settings: Readonly<Record<string, string>>) {
    this.#nats = nats;
    this.folder = folder;
    this.coordinator = new CoordinatorProcess({ ...this.#settings(), SINTONIA_LEASE_TTL_MS: "5000", ...settings });
  }

  /** @param settings - environment variables of the coordinator. @default open doors, no page */
  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Workplace> {
    const nats = await startNatsServer();
    const workplace = new Workplace(nats, await mkdtemp(join(tmpdir(), "sintonia-workplace-")), settings);
    await workplace.coordinator.line("coordinator ready");
    return workplace;
  }

  async close(): Promise<void> {
    await this.endTrainers();
    await this.coordinator.end("SIGKILL");
    await this.#nats.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Starts a trainer that saves every epoch and runs programs. */
  async startTrainer(settings: Readonly<Record<string, string>>): Promise<TrainerProcess> {
    const trainer = new TrainerProcess({
      ...this.#settings(),
      SINTONIA_COORDINATOR_ADDRESS: await this.coordinator.address(),
      SINTONIA_CHECKPOINT_INTERVAL_MS: "0",
      SINTONIA_ALLOW_PROGRAMS: "true",
      ...settings,
    });
    this.#trainers.add(trainer);
    return trainer;
  }

  /** Kills the trainers that have not ended. */
  async endTrainers(): Promise<void> {
    await Promise.all([...this.#trainers].map((trainer) => trainer.end("SIGKILL")));
    this.#trainers.clear();
  }

  async create(studyId: string, spec: string): Promise<void> {
    await this.coordinator.withAdmin((client) => client.createStudy({ spec, studyId }));
  }

  /** Returns the stored events of a study. */
  async eventsOf(studyId: string): Promise<readonly StudyEvent[]> {
    const logger = createLogger({ service: "test", instance: "test", level: "silent" });
    const settings = { natsUrl: parseServers(this.#nats.url) };
    const connection = await connectNats({ settings, name: "test", logger });
    try {
      const records = await collect(readRecords(new NatsStudyLog(connection), studyId));
      return records.flatMap(({ record }) => [...record.events]);
    } finally {
      await connection.close();
    }
  }

  #settings(): Record<string, string> {
    return {
      SINTONIA_NATS_URL: this.#nats.url,
      SINTONIA_STATE_DIR: join(this.folder, "state"),
      SINTONIA_CACHE_DIR: join(this.folder, "cache"),
      SINTONIA_ALLOW_DOWNLOAD: "false",
    };
  }
}

/** Returns the largest number of trials that a trainer trained at once, by its log. */
export function mostAtOnce({ lines }: TrainerProcess): number {
  let [now, most] = [0, 0];
  for (const { message } of lines) {
    if (message === "lease granted") now += 1;
    if (message === "attempt ended") now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

/** Returns the processes that a process has started, the oldest first. Reads them from Linux. */
export async function childrenOf(parent: number): Promise<readonly number[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const children = await Promise.all(
    names.map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
      // Field 4 is the parent, field 22 the start. Field 2, in parentheses, may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return { pid: Number(name), parent: Number(fields[1]), start: Number(fields[19]) };
    }),
  );
  const own = children.filter((child) => child.parent === parent);
  return own.toSorted((a, b) => a.start - b.start).map(({ pid }) => pid);
}
