// A study under random faults of every process, compared with the same study without faults.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { processesWith } from "../support/left-processes.js";
import { type Figures, figuresOf, type Leadership, type TimedFault } from "./figures.js";
import { Installation } from "./installation.js";
import { differences, problemsOfLog, type TimedEvent } from "./log-check.js";
import { faultsOf } from "./schedule.js";
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
  readonly figures: Figures;
  /** Folder with the logs of the processes; deleted if there are no problems. */
  readonly folder: string;
}

/** Pause in each epoch of the disturbed study, so that faults hit trials that train. */
const PAUSE_MS = 400;
/** Looks for left processes, 1 s apart: the guard of a program ends it after the trainer's end. */
const LEFT_LOOKS_MAX = 30;

interface Observation {
  readonly problems: readonly string[];
  readonly events: readonly TimedEvent[];
  readonly faults: readonly TimedFault[];
}

/** Runs a study without and with faults, and compares. @param progress - receives lines */
export async function runChaos(settings: ChaosSettings, progress: (line: string) => void): Promise<ChaosReport> {
  const folder = mkdtempSync(path.join(tmpdir(), "sintonia-chaos-"));
  const counts = countsOf(settings);
  const installation = await Installation.start({ folder, counts, leaseTtlMs: settings.leaseTtlMs });
  const observed = await observe(settings, installation, folder, progress).catch((error: unknown) => ({
    problems: [String(error)],
    events: [],
    faults: [],
  }));
  const survivors = await installation.close();
  const problems = [
    ...observed.problems,
    ...survivors.map((name) => `${name} did not end after SIGTERM`),
    ...(await leftProcesses(folder)).map((line) => `a process is left: ${line}`),
  ];
  const report = {
    problems,
    faultCount: observed.faults.length,
    leaseCount: observed.events.filter(({ event }) => event.type === "lease-granted").length,
    unexpectedEnds: installation.unexpectedEnds,
    figures: figuresOf(observed.faults, observed.events, leaderships(folder, counts.coordinator)),
    folder,
  };
  if (problems.length === 0) rmSync(folder, { recursive: true });
  return report;
}

async function observe(
  settings: ChaosSettings,
  installation: Installation,
  folder: string,
  progress: (line: string) => void,
): Promise<Observation> {
  const { trials } = settings;
  const { client, close } = connectAdminService(installation.addresses);
  try {
    await untilCreated(client, "calm", specOf({ trials, pauseMs: 0, mark: folder }));
    await untilOver(client, "calm", progress);
    await untilCreated(client, "storm", specOf({ trials, pauseMs: PAUSE_MS, mark: folder }));
    const end = new AbortController();
    const over = untilOver(client, "storm", progress).finally(() => end.abort());
    const storm = faultsOf({ ...settings, lengthMs: settings.stormMs, counts: countsOf(settings) });
    const [faults] = await Promise.all([blow(installation, storm, end.signal, progress), over]);
    const calm = await fetchStudy(client, "calm");
    const { study, events, problems } = await fetchStudy(client, "storm");
    const inLog = problemsOfLog(events.map(({ event }) => event));
    return { faults, events, problems: [...problems, ...inLog, ...differences(calm.study, study)] };
  } finally {
    close();
  }
}

function countsOf({ natsServers }: ChaosSettings) {
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
function leaderships(folder: string, coordinators: number): readonly Leadership[] {
  const all = Array.from({ length: coordinators }, (_, coordinator) => {
    const lines = readFileSync(path.join(folder, "logs", `coordinator-${coordinator}.log`), "utf8").split("\n");
    return lines
      .filter((line) => line.includes('"message":"coordinator ready"'))
      .map((line) => ({ coordinator, at: Date.parse((JSON.parse(line) as { time: string }).time) }));
  });
  return all.flat().sort((a, b) => a.at - b.at);
}
