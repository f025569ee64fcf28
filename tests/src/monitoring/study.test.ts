// A real Prometheus that scrapes the processes of a real study and evaluates the shipped rules.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { freePorts } from "@sintonia/cli/system/ports";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { goPrograms, PROMETHEUS } from "@sintonia/scripts/go/programs";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, TrainerProcess, tinySpec } from "../support/service-process.js";
import { ALERTS, PROGRAMS_MISSING } from "./alert-rules.js";
import { dashboardQueries } from "./dashboard.js";
import { documentedMetrics, metricNamesIn, seriesNames } from "./documented-metrics.js";
import { PrometheusServer, promtool } from "./prometheus-server.js";

const programs = goPrograms(PROMETHEUS) ?? "";

/** Upper limit of a wait in ms, far above its duration on a busy machine. */
const WAIT_MS = 120_000;
const LIMIT = { timeout: 300_000 };

describe("Prometheus beside a study", { skip: programs === "" ? PROGRAMS_MISSING : false }, () => {
  let folder: string;
  let nats: NatsServer;
  let coordinator: CoordinatorProcess;
  let trainer: TrainerProcess | undefined;
  let prometheus: PrometheusServer;
  let settings: Record<string, string>;
  let trainerAddress: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "sintonia-prometheus-"));
    nats = await startNatsServer();
    settings = {
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: join(folder, "state"),
      SINTONIA_CACHE_DIR: join(folder, "cache"),
      SINTONIA_ALLOW_DOWNLOAD: "false",
      SINTONIA_METRICS_ADDRESS: "127.0.0.1:0",
    };
    coordinator = new CoordinatorProcess(settings);
    const { port } = await coordinator.line("metrics server listens");
    trainerAddress = `127.0.0.1:${(await freePorts(1))[0]}`;
    // The rules fire at once, so that no test waits for minutes.
    const rules = join(folder, "alerts.yaml");
    writeFileSync(rules, readFileSync(ALERTS, "utf8").replaceAll(/^ +for: .*\n/gm, ""));
    const targets = { coordinator: [`127.0.0.1:${port}`], trainers: [trainerAddress] };
    prometheus = await PrometheusServer.start({ programs, folder, targets, rules });
  });
  after(async () => {
    await prometheus.stop();
    await Promise.all([trainer?.end("SIGKILL"), coordinator.end("SIGKILL")]);
    await nats.stop();
    rmSync(folder, { recursive: true });
  });

  const firing = async (): Promise<readonly string[]> =>
    (await prometheus.alerts()).map(({ labels }) => labels["alertname"] ?? "");

  const until = (signal: AbortSignal, what: string, isSo: () => Promise<boolean>): Promise<void> =>
    waitUntil(isSo, { signal, timeoutMs: WAIT_MS, what });

  const startsToFire = (signal: AbortSignal, alert: string): Promise<void> =>
    until(signal, `${alert} does not fire`, async () => (await firing()).includes(alert));

  const ceases = (signal: AbortSignal, alert: string): Promise<void> =>
    until(signal, `${alert} still fires`, async () => !(await firing()).includes(alert));

  it("fires while a study waits and no trainer lives", LIMIT, async ({ signal }) => {
    await coordinator.withAdmin((client) => client.createStudy({ spec: tinySpec("watched"), studyId: "watched" }));
    await startsToFire(signal, "SintoniaNoTrainers");
  });

  it("ceases to fire once a trainer works, and sees the study to its end", LIMIT, async ({ signal }) => {
    const SINTONIA_COORDINATOR_ADDRESS = await coordinator.address();
    const PATH = `${driverFolder(folder)}:${process.env["PATH"]}`;
    const own = { SINTONIA_METRICS_ADDRESS: trainerAddress, SINTONIA_COORDINATOR_ADDRESS, PATH };
    trainer = new TrainerProcess({ ...settings, ...own });
    await ceases(signal, "SintoniaNoTrainers");
    await coordinator.withAdmin(async (client) => {
      for await (const _ of client.watchStudy({ studyId: "watched" }));
    });
    const completed = async (): Promise<boolean> =>
      (await prometheus.query('sintonia_trials{state="completed"} == 2')).length === 1;
    await until(signal, "Prometheus has no completed trials", completed);
    // A slow scrape and a slow append are no faults of the rules, and the latter fires for minutes.
    const isUp = async (): Promise<boolean> => (await prometheus.query("up == 1")).length === 2;
    await until(signal, "a target is not up", isUp);
    const expected = ["SintoniaStoreNotDurable", "SintoniaAppendsSlow"];
    const others = async () => (await firing()).filter((alert) => !expected.includes(alert));
    await until(signal, "another alert fires", async () => (await others()).length === 0);
  });

  it("has every metric of docs/operations.md, and no other one of ours", LIMIT, async () => {
    const documented = documentedMetrics().flatMap(seriesNames);
    const scraped = [...(await prometheus.names())].filter((name) => name.startsWith("sintonia_"));
    assert.deepEqual(scraped.sort(), [...documented, "sintonia_build_info"].sort());
  });

  it("has nothing to complain of in the text that is scraped", LIMIT, async () => {
    const { port } = await coordinator.line("metrics server listens");
    for (const address of [`127.0.0.1:${port}`, trainerAddress]) {
      const text = await (await fetch(`http://${address}/metrics`)).text();
      assert.equal(promtool(programs, ["check", "metrics"], text), "");
    }
    const wrong = "# HELP a_total Things.\n# TYPE a_total gauge\na_total 1\n";
    assert.throws(() => promtool(programs, ["check", "metrics"], wrong), /a_total/);
  });

  it("answers every query of the dashboard", LIMIT, async ({ signal }) => {
    const known = await prometheus.names();
    for (const { title, expression } of dashboardQueries()) {
      for (const name of metricNamesIn(expression)) assert.ok(known.has(name), `${title}: ${name}`);
      const filled = expression.replaceAll("$namespace", ".*").replaceAll("$__rate_interval", "1m");
      // A rate needs two scrapes.
      await until(signal, `${title} has no answer`, async () => (await prometheus.query(filled)).length > 0);
    }
  });

  it(
    "fires when NATS may lose records, when NATS is gone, and when no coordinator leads",
    LIMIT,
    async ({ signal }) => {
      await startsToFire(signal, "SintoniaStoreNotDurable");
      await nats.kill();
      await startsToFire(signal, "SintoniaPartFailing");
      const [failing] = await prometheus.query("sintonia_healthy == 0");
      assert.equal(failing?.metric["part"], "nats");
      await coordinator.end("SIGKILL");
      await startsToFire(signal, "SintoniaNoLeader");
    },
  );
});

/** Makes a folder with a program that stands for the one of NVIDIA's driver. */
function driverFolder(folder: string): string {
  const place = join(folder, "driver");
  mkdirSync(place);
  writeFileSync(join(place, "nvidia-smi"), "#!/bin/sh\necho 0, 87, 1024, 81920\n", { mode: 0o755 });
  return place;
}
