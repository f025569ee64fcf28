// Measures how long the coordinator's event loop stalls while its oracle works on a large study.
// Uses the real service and a real nats-server, scripted trainers, and a client that watches the
// study.

import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { startNatsServer } from "@sintonia/tests/support/nats-server";
import { Command } from "commander";
import { bigStudySpec } from "./event-loop/big-study.js";
import { CoordinatorProcess } from "./event-loop/coordinator-process.js";
import { type LoopDelay, type Spread, spreadOf } from "./event-loop/loop-delay.js";
import { runScriptedTrainer } from "./event-loop/scripted-trainer.js";

const TRAINERS = 8;

interface Options {
  readonly observations: string;
  readonly trials: string;
  readonly json?: true;
}

interface Report {
  readonly observations: number;
  /** Number of suggestions during the measurement. */
  readonly suggestions: number;
  readonly seconds: number;
  /**
   * Delay of the coordinator's event loop while it creates the study and while its oracle works.
   */
  readonly creating: LoopDelay;
  readonly suggesting: LoopDelay;
  /** Answer times of heartbeats, measured by the trainers. */
  readonly heartbeat: Spread;
}

async function measure(observations: number, trials: number): Promise<Report> {
  const server = await startNatsServer();
  const coordinator = await CoordinatorProcess.start(server.url);
  const logger = createLogger({ service: "trainer", instance: "scripted", level: "silent" });
  const nats = await connectNats({ settings: { natsUrl: parseServers(server.url) }, name: "trainers", logger });
  const admin = connectAdminService(coordinator.address);
  const ends = new AbortController();
  const heartbeatMs: number[] = [];
  try {
    coordinator.beginMeasuring();
    const spec = bigStudySpec({ observations, trials: trials + 100, parallel: TRAINERS });
    await admin.client.createStudy({ spec, studyId: "big" });
    const creating = await coordinator.loopDelay();
    const trainers = Array.from({ length: TRAINERS }, (_, i) =>
      runScriptedTrainer({
        id: `t-${i}`,
        address: coordinator.address,
        nats,
        logger,
        signal: ends.signal,
        heartbeatMs,
      }),
    );
    const count = async () => (await admin.client.getStudy({ studyId: "big" })).study?.trialCount ?? 0;
    await until(async () => (await count()) >= TRAINERS);
    coordinator.beginMeasuring();
    heartbeatMs.length = 0;
    const [began, before] = [performance.now(), await count()];
    await watchUntil(admin.client.watchStudy({ studyId: "big" }, { signal: ends.signal }), before + trials);
    const suggesting = await coordinator.loopDelay();
    const seconds = (performance.now() - began) / 1000;
    ends.abort();
    await Promise.allSettled(trainers);
    return { observations, suggestions: trials, seconds, creating, suggesting, heartbeat: spreadOf(heartbeatMs) };
  } finally {
    ends.abort();
    admin.close();
    await nats.close();
    await coordinator.stop();
    await server.stop();
  }
}

async function watchUntil(
  updates: AsyncIterable<{ readonly study?: { readonly trialCount: number } | undefined }>,
  trials: number,
): Promise<void> {
  for await (const { study } of updates) if ((study?.trialCount ?? 0) >= trials) return;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function lines({ observations, suggestions, seconds, creating, suggesting, heartbeat }: Report): string[] {
  const study = `${observations} observations, six parameters, ${TRAINERS} trainers`;
  return [
    `${study}: ${suggestions} suggestions in ${seconds.toFixed(1)} s`,
    ...delayLines("creating", creating),
    ...delayLines("suggesting", suggesting),
    `answers to heartbeats: ${spreadText(heartbeat)}`,
  ];
}

function delayLines(phase: string, { late, held, busy, collectionMaxMs }: LoopDelay): string[] {
  return [
    `event loop, ${phase}, delay of timers: ${spreadText(late)}`,
    `event loop, ${phase}, delay without waits for a core: ${spreadText(held)}`,
    `event loop, ${phase}, processor time of a turn: ${spreadText(busy)}`,
    `event loop, ${phase}, longest garbage collection: ${collectionMaxMs.toFixed(1)} ms`,
  ];
}

function spreadText({ maxMs, p99Ms, p50Ms, stalls, count }: Spread): string {
  const [max, p99, median] = [maxMs, p99Ms, p50Ms].map((ms) => ms.toFixed(1));
  return `max ${max} ms, p99 ${p99} ms, median ${median} ms; ${stalls} of ${count} above 20 ms`;
}

const { observations, trials, json } = new Command("bench:event-loop")
  .description("Measures how long the coordinator's event loop stalls while its oracle works.")
  .option("--observations <n>", "warm-start observations of the study, at most 1,000", "1000")
  .option("--trials <n>", "number of suggestions to measure", "20")
  .option("--json", "print one JSON document")
  .parse()
  .opts<Options>();
const report = await measure(Number(observations), Number(trials));
process.stdout.write(`${(json === true ? [JSON.stringify(report, null, 2)] : lines(report)).join("\n")}\n`);
