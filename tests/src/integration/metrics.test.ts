// The metrics of a coordinator and a trainer, scraped from their processes.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { type Family, readExposition } from "@sintonia/runtime/metrics/exposition.fixture";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, TrainerProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

describe("the metrics of the services", () => {
  let nats: NatsServer;
  let folder: string;
  let coordinator: CoordinatorProcess;
  let trainer: TrainerProcess;

  before(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-metrics-"));
    const settings = {
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: path.join(folder, "state"),
      SINTONIA_CACHE_DIR: path.join(folder, "cache"),
      SINTONIA_ALLOW_DOWNLOAD: "false",
      SINTONIA_CHECKPOINT_INTERVAL_MS: "0",
      SINTONIA_METRICS_ADDRESS: "127.0.0.1:0",
    };
    coordinator = new CoordinatorProcess(settings);
    await coordinator.line("coordinator ready");
    trainer = new TrainerProcess({ ...settings, SINTONIA_COORDINATOR_ADDRESS: await coordinator.address() });
  });
  after(async () => {
    await Promise.all([trainer.end("SIGKILL"), coordinator.end("SIGKILL")]);
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  it("tell of a study from its creation to its end, without its name", LIMIT, async () => {
    const { client, close } = connectAdminService(await coordinator.address());
    try {
      await client.createStudy({ spec: tinySpec("measured"), studyId: "measured" });
      for await (const _ of client.watchStudy({ studyId: "measured" }));
    } finally {
      close();
    }
    const ofCoordinator = await scrape(coordinator);
    assert.equal(ofCoordinator.value("sintonia_leader{}"), 1);
    assert.equal(ofCoordinator.value('sintonia_studies{status="completed"}'), 1);
    assert.equal(ofCoordinator.value('sintonia_trials{state="completed"}'), 2);
    assert.equal(ofCoordinator.value('sintonia_trials_ended_total{state="completed"}'), 2);
    assert.equal(ofCoordinator.value('sintonia_reports_total{outcome="accepted"}'), 4);
    assert.equal(ofCoordinator.value("sintonia_trainers{}"), 1);
    assert.equal(ofCoordinator.value("sintonia_trainers_wanted{}"), 0);
    assert.ok((ofCoordinator.value('sintonia_log_append_seconds_count{outcome="stored"}') ?? 0) >= 4);
    assert.ok((ofCoordinator.value('sintonia_oracle_seconds_count{question="suggest"}') ?? 0) >= 2);
    await trainer.line("attempt ended", 2);
    const ofTrainer = await scrape(trainer);
    assert.equal(ofTrainer.value("sintonia_trainer_epochs_total{}"), 4);
    assert.equal(ofTrainer.value("sintonia_trainer_examples_total{}"), 400);
    assert.equal(ofTrainer.value('sintonia_trainer_attempts_total{end="completed"}'), 2);
    assert.equal(ofTrainer.value("sintonia_trainer_reports_buffered{}"), 0);
    for (const { text } of [ofCoordinator, ofTrainer]) assert.doesNotMatch(text, /measured|trainer-[0-9a-f]{6}/);
  });
});

async function scrape(service: CoordinatorProcess | TrainerProcess) {
  const { port } = await service.line("metrics server listens");
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const families: ReadonlyMap<string, Family> = readExposition(text);
  const series = new Map([...families.values()].flatMap((family) => [...family.series]));
  return { text, value: (name: string) => series.get(name) };
}
