// A study under random faults of every process, compared with the same study without faults.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { processesWith } from "../support/left-processes.js";
import { type Figures, figuresOf, lateRequeues, type StormRecord, type TimedFault } from "./figures.js";
import { Installation } from "./installation.js";
import { LeaderWatch } from "./leaders/leader-watch.js";
import type { LeaderRecordAt, Leadership } from "./leaders/without-leader.js";
import { differences, problemsOfBroken, problemsOfLog, problemsOfResumption, type TimedEvent } from "./log-check.js";
import { SmallDisk, withoutSmallDisks } from "./processes/small-disk.js";
import { faultsOf, type Role } from "./schedule.js";
import { blow } from "./storm.js";
import { MARK, specOf } from "./study.js";
import { fetchStudy, untilCreated, untilOver } from "./watch.js";

/** Settings of a run. */
export interface ChaosSettings {
  readonly seed: number;
  /** Length of the storm, unless the study ends before. */
  readonly stormMs: number;
  readonly trials: number;
  /** 1, or 3 for a cluster. */
  readonly natsServers: number;
  readonly leaseTtlMs: number;
  /**
   * Whether the time until a trial is queued again is a promise of the run.
   * @default false: a busy machine makes it longer
   */
  readonly isTimed?: boolean;
  /**
   * Whether the folder stays without problems, with the faults, events and leaders in a file.
   * @default false
   */
  readonly isKept?: boolean;
}

/** What a run showed. */
export interface ChaosReport {
  /** What went wrong, one line each; empty if all promises held. */
  readonly problems: readonly string[];
  readonly faultCount: number;
  /** Number of leases of the disturbed study. */
  readonly leaseCount: number;
  /** Ends of processes that no fault of the storm explains. */
  readonly unexpectedEnds: readonly string[];
  /** Faults that this machine does not allow, with the reason. */
  readonly leftOut: readonly string[];
  readonly figures: Figures;
  /** Folder with the logs of the processes; deleted if there are no problems. */
  readonly folder: string;
}

/** Pause in each epoch of the disturbed study, so that faults hit trials that train. */
const PAUSE_MS = 400;
/** Looks for left processes, 1 s apart: the guard of a program ends it after the trainer's end. */
const LEFT_LOOKS_MAX = 30;
/** Default time to live of a leader's record. */
const LEADER_TTL_MS = 3_000;
/** Names of the trainers that can train nothing. */
const BROKEN = { disk: "broken-disk", path: "broken-path" };
/** Room of the disk of the state folder: many times what a study needs. */
const DISK_BYTES = 32 * 1024 * 1024;

interface Observation {
  readonly problems: readonly string[];
  readonly events: readonly TimedEvent[];
  readonly faults: readonly TimedFault[];
  readonly records: readonly LeaderRecordAt[];
}

const NOTHING = { events: [], faults: [], records: [] };

/** Runs a study without and with faults, and compares. @param progress - receives lines */
export async function runChaos(settings: ChaosSettings, progress: (line: string) => void): Promise<ChaosReport> {
  const folder = mkdtempSync(path.join(tmpdir(), "sintonia-chaos-"));
  const disk = withoutSmallDisks === false ? new SmallDisk(DISK_BYTES) : undefined;
  const installation = await startInstallation(settings, folder, disk);
  const observed = await observe(settings, installation, folder, progress).catch(
    (error: unknown): Observation => ({ ...NOTHING, problems: [String(error)] }),
  );
  const survivors = await installation.close();
  const record = stormRecord(settings, folder, observed);
  const figures = figuresOf(record);
  const problems = [
    ...observed.problems,
    ...(settings.isTimed ? lateRequeues(figures) : []),
    ...survivors.map((name) => `${name} did not end after SIGTERM`),
    ...(await leftProcesses(folder)).map((line) => `a process is left: ${line}`),
  ];
  if (problems.length > 0 || settings.isKept) keep(folder, disk, { ...record, problems });
  else rmSync(folder, { recursive: true });
  disk?.close();
  return {
    problems,
    faultCount: observed.faults.length,
    leaseCount: observed.events.filter(({ event }) => event.type === "lease-granted").length,
    unexpectedEnds: installation.unexpectedEnds,
    leftOut: leftOut(settings),
    figures,
    folder,
  };
}

/** Completes the folder of a run with the state of the coordinators, and what the run showed. */
function keep(folder: string, disk: SmallDisk | undefined, shown: StormRecord & Pick<Observation, "problems">): void {
  if (disk !== undefined) cpSync(disk.folder, folder, { recursive: true });
  writeFileSync(path.join(folder, "storm.json"), JSON.stringify(shown));
}

/** Starts the processes, and two trainers that can train nothing. */
async function startInstallation(
  { natsServers, leaseTtlMs }: ChaosSettings,
  folder: string,
  stateDisk: SmallDisk | undefined,
): Promise<Installation> {
  const badDisk = path.join(folder, "bad-disk");
  mkdirSync(badDisk);
  writeFileSync(path.join(badDisk, "programs"), "");
  const extraTrainers = { [BROKEN.disk]: { SINTONIA_CACHE_DIR: badDisk }, [BROKEN.path]: { PATH: "/nowhere" } };
  const stateDir = path.join(stateDisk?.folder ?? folder, "state");
  return await Installation.start({
    ...{ folder, leaseTtlMs, stateDir, stateDisk, extraTrainers },
    counts: countsOf({ natsServers }),
  });
}

async function observe(
  settings: ChaosSettings,
  installation: Installation,
  folder: string,
  progress: (line: string) => void,
): Promise<Observation> {
  const { trials } = settings;
  const { client, close } = connectAdminService(installation.addresses);
  const addresses = installation.addresses.split(",");
  const leaders = await LeaderWatch.start(installation.natsUrls, (address) => addresses.indexOf(address));
  try {
    await untilCreated(client, "calm", specOf({ trials, pauseMs: 0, mark: folder }));
    await untilOver(client, "calm", progress);
    await untilCreated(client, "storm", specOf({ trials, pauseMs: PAUSE_MS, mark: folder }));
    const end = new AbortController();
    const over = untilOver(client, "storm", progress).finally(() => end.abort());
    const counts = { ...countsOf(settings), state: 1 };
    const storm = faultsOf({ ...settings, lengthMs: settings.stormMs, counts, limited: limited(settings) });
    const [faults] = await Promise.all([blow(installation, storm, end.signal, progress), over]);
    const { events, problems } = await compare(client, installation.damaged);
    return { faults, events, problems, records: leaders.records };
  } finally {
    await leaders.close();
    close();
  }
}

/** Compares the logs and results of both studies. @param damaged - names of changed files */
async function compare(client: AdminServiceClient, damaged: ReadonlySet<string>) {
  const calm = await fetchStudy(client, "calm");
  const { study, events, problems } = await fetchStudy(client, "storm");
  const log = events.map(({ event }) => event);
  // A trainer that the first study sets aside rests, perhaps until the end of the second one.
  const both = [...calm.events.map(({ event }) => event), ...log];
  const inLog = [
    ...problemsOfLog(log),
    ...problemsOfResumption(log, damaged),
    ...problemsOfBroken(both, Object.values(BROKEN)),
  ];
  return { events, problems: [...problems, ...inLog, ...differences(calm.study, study)] };
}

/** Only a single server has a limit of its store, which can be reached. */
function limited({ natsServers }: ChaosSettings): readonly Role[] {
  return [...(natsServers === 1 ? ["nats" as const] : []), ...(withoutSmallDisks === false ? ["state" as const] : [])];
}

function leftOut({ natsServers }: ChaosSettings): readonly string[] {
  return [
    ...(natsServers === 1 ? [] : ["JetStream without room (only one server has a limit)"]),
    ...(withoutSmallDisks === false ? [] : [`state folder without room (${withoutSmallDisks})`]),
  ];
}

function stormRecord(settings: ChaosSettings, folder: string, { faults, events, records }: Observation): StormRecord {
  const leaderships = leadershipsOf(folder, countsOf(settings).coordinator);
  const { leaseTtlMs } = settings;
  return { faults, events, leaseTtlMs, trace: { records, leaderships, leaderTtlMs: LEADER_TTL_MS } };
}

function countsOf({ natsServers }: Pick<ChaosSettings, "natsServers">) {
  return { trainer: 6, coordinator: 2, nats: natsServers } as const;
}

async function leftProcesses(folder: string): Promise<readonly string[]> {
  for (let look = 1; ; look += 1) {
    const left = processesWith(MARK, folder);
    if (left.length === 0 || look >= LEFT_LOOKS_MAX) return left;
    await delay(1_000);
  }
}

/** Reads from the logs of the coordinators when each of them began to lead. */
function leadershipsOf(folder: string, coordinators: number): readonly Leadership[] {
  const all = Array.from({ length: coordinators }, (_, coordinator) => {
    const lines = readFileSync(path.join(folder, "logs", `coordinator-${coordinator}.log`), "utf8").split("\n");
    return lines
      .filter((line) => line.includes('"message":"coordinator ready"'))
      .map((line) => ({ coordinator, at: Date.parse((JSON.parse(line) as { time: string }).time) }));
  });
  return all.flat().sort((a, b) => a.at - b.at);
}
