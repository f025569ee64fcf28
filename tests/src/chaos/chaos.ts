// A study under random faults of every process, compared with the same study without faults.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
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
  disk?.close();
  const record = stormRecord(settings, folder, observed);
  const figures = figuresOf(record);
  const problems = [
    ...observed.problems,
    ...(settings.isTimed ? lateRequeues(figures) : []),
    ...survivors.map((name) => `${name} did not end after SIGTERM`),
    ...(await leftProcesses(folder)).map((line) => `a process is left: ${line}`),
  ];
  if (problems.length > 0 || settings.isKept) {
    writeFileSync(path.join(folder, "storm.json"), JSON.stringify({ ...record, problems }));
  } else rmSync(folder, { recursive: true });
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

/** Starts the processes, and two trainers that can train nothing. */
async function startInstallation(
  { natsServers, leaseTtlMs }: ChaosSettings,
  folder: string,
  stateDisk: SmallDisk | undefined,
): Promise<Installation> {
  const badDisk = path.join(folder, "bad-disk");
  mkdirSync(badDisk);
  writeFileSync(path.join(badDisk, "programs"), "");
  const extraTrainers = { "broken-disk": { SINTONIA_CACHE_DIR: badDisk }, "broken-path": { PATH: "/nowhere" } };
  const stateDir = path.join(stateDisk?.folder ?? folder, "state");
  return await Installation.start({
    ...{ folder, leaseTtlMs, stateDir, stateDisk, extraTrainers },
    counts: countsOf({ natsServers }),
  });
}

const BROKEN = ["broken-disk", "broken-path"];

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
    const calm = await fetchStudy(client, "calm");
    const { study, events, problems } = await fetchStudy(client, "storm");
    const log = events.map(({ event }) => event);
    const inLog = [
      ...problemsOfLog(log),
      ...problemsOfResumption(log, installation.damaged),
      ...problemsOfBroken(log, BROKEN),
    ];
    const { records } = leaders;
    return { faults, events, records, problems: [...problems, ...inLog, ...differences(calm.study, study)] };
  } finally {
    await leaders.close();
    close();
  }
}

/** A full JetStream stops a cluster of nats-server 2.9 for good: only one server is filled. */
function limited({ natsServers }: ChaosSettings): readonly Role[] {
  return [...(natsServers === 1 ? ["nats" as const] : []), ...(withoutSmallDisks === false ? ["state" as const] : [])];
}

function leftOut({ natsServers }: ChaosSettings): readonly string[] {
  return [
    ...(natsServers === 1 ? [] : ["JetStream without room: only with one server"]),
    ...(withoutSmallDisks === false ? [] : [`state folder without room: ${withoutSmallDisks}`]),
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
