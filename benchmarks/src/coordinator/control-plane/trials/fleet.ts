// The time until each of many connected trainers has work, and whose processor time it takes.

import { setTimeout as delay } from "node:timers/promises";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { readRecords } from "@sintonia/coordinator/shell/study/journal";
import { resourcesOf } from "../../../soak/child-resources.js";
import { cpuSecondsOf } from "../cpu-time.js";
import { type Installation, withInstallation } from "../installation.js";
import { syntheticSpec } from "../synthetic-study.js";
import { startTrainers } from "./trainers.js";
import { STUDY, trialsSettled } from "./trials.js";

/** Processor time in seconds by process. */
interface CpuSeconds {
  readonly coordinator: number;
  readonly nats: number;
  /** All trainers are in one process. */
  readonly trainers: number;
}

/** Times count from the call that creates the study, in seconds. */
export interface FleetFigures {
  readonly trainers: number;
  /** Until the coordinator had queued the last trial. */
  readonly queuedSeconds: number;
  /** Until the coordinator had granted the last lease of a first attempt. */
  readonly leasedSeconds: number;
  /** Until the last trainer began its trial. */
  readonly allBusySeconds: number;
  /** Processor time until then. */
  readonly cpu: CpuSeconds;
  /** After the end of the study. */
  readonly coordinatorMemoryMb: number;
}

/** Duration of a trial, in seconds: far above the time until all trainers have one. */
const TRIAL_SECONDS = 10;

/** Time after which a trainer without work is a fault, in milliseconds. */
const BUSY_MAX_MS = 60_000;

/** Measures a study that gives each of many connected trainers one trial. */
export async function measureFleet(trainers: number): Promise<FleetFigures> {
  return await withInstallation(async (installation) => {
    const { admin, coordinator } = installation;
    const busy = new BusyTrainers(trainers);
    const onTrial = (index: number): void => busy.note(index);
    const endTrainers = await startTrainers(installation, { trainers, trialSeconds: TRIAL_SECONDS, onTrial });
    const before = await cpuOf(installation);
    const [startMs, startWallMs] = [performance.now(), Date.now()];
    const spec = syntheticSpec(STUDY, { trials: trainers, parallel: trainers });
    await admin.createStudy({ spec, studyId: STUDY });
    await busy.all();
    const allBusySeconds = (performance.now() - startMs) / 1_000;
    const cpu = difference(await cpuOf(installation), before);
    await trialsSettled(installation, trainers);
    const coordinatorMemoryMb = Math.round((await resourcesOf(coordinator.pid)).residentBytes / 1e6);
    const times = await lastTimes(installation, startWallMs);
    await endTrainers();
    return { trainers, ...times, allBusySeconds, cpu, coordinatorMemoryMb };
  });
}

/** The trainers that have begun a trial. */
class BusyTrainers {
  readonly #indices = new Set<number>();
  readonly #count: number;
  readonly #all: Promise<void>;
  #resolve = (): void => undefined;

  constructor(count: number) {
    this.#count = count;
    this.#all = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  note(index: number): void {
    this.#indices.add(index);
    if (this.#indices.size === this.#count) this.#resolve();
  }

  /** Waits until all trainers have begun a trial. @throws after BUSY_MAX_MS */
  async all(): Promise<void> {
    const late = delay(BUSY_MAX_MS, true, { ref: false });
    if (await Promise.race([this.#all, late]))
      throw new Error(`${this.#count - this.#indices.size} trainers have no trial after ${BUSY_MAX_MS / 1_000} s`);
  }
}

async function cpuOf({ coordinator, natsPid }: Installation): Promise<CpuSeconds> {
  const { user, system } = process.cpuUsage();
  return {
    coordinator: await cpuSecondsOf(coordinator.pid),
    nats: await cpuSecondsOf(natsPid),
    trainers: (user + system) / 1e6,
  };
}

function difference(after: CpuSeconds, before: CpuSeconds): CpuSeconds {
  return {
    coordinator: after.coordinator - before.coordinator,
    nats: after.nats - before.nats,
    trainers: after.trainers - before.trainers,
  };
}

/** Returns when the coordinator decided last to queue a trial, and to grant a first lease. */
async function lastTimes(
  { nats }: Installation,
  startWallMs: number,
): Promise<Pick<FleetFigures, "queuedSeconds" | "leasedSeconds">> {
  let [queuedAt, leasedAt] = [startWallMs, startWallMs];
  for await (const { record } of readRecords(new NatsStudyLog(nats), STUDY)) {
    if (record.events.some(({ type }) => type === "trial-queued")) queuedAt = record.at;
    if (record.events.some((event) => event.type === "lease-granted" && event.attempt === 1)) leasedAt = record.at;
  }
  const seconds = (at: number): number => (at - startWallMs) / 1_000;
  return { queuedSeconds: seconds(queuedAt), leasedSeconds: seconds(leasedAt) };
}
