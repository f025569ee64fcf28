// The health of a coordinator process while its parts fail and recover.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LIVENESS } from "@sintonia/runtime/grpc/server";
import { createChannel, createClient } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

const SERVING = 1;
const NOT_SERVING = 2;
/** Above the interval of the checks and the time limit of an answer of NATS. */
const LIMIT = { timeout: 60_000 };

const state = mkdtempSync(path.join(tmpdir(), "sintonia-health-"));
const reasons: string[] = [];
let nats: NatsServer;
let coordinator: ChildProcess;
let address: string;

before(async () => {
  nats = await startNatsServer();
  const main = fileURLToPath(import.meta.resolve("@sintonia/coordinator/main"));
  const env = {
    ...process.env,
    SINTONIA_NATS_URL: nats.url,
    SINTONIA_GRPC_PORT: "0",
    SINTONIA_GRPC_SECURITY: "development",
    SINTONIA_NATS_SECURITY: "development",
  };
  coordinator = spawn(process.execPath, [main], {
    env: { ...env, SINTONIA_STATE_DIR: path.join(state, "state") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  address = await new Promise<string>((resolve) => {
    createInterface(coordinator.stdout as NodeJS.ReadableStream).on("line", (line) => {
      const { message, port, part } = JSON.parse(line);
      if (message === "coordinator ready") resolve(`127.0.0.1:${port}`);
      if (message === "coordinator cannot serve") reasons.push(part);
    });
  });
});
after(async () => {
  coordinator.kill();
  await once(coordinator, "exit");
  await nats.stop();
  rmSync(state, { recursive: true });
});

async function healthOf(service: string): Promise<number> {
  const channel = createChannel(address, undefined, { "grpc.enable_http_proxy": 0 });
  try {
    return (await createClient(HealthDefinition, channel).check({ service })).status;
  } finally {
    channel.close();
  }
}

/** Waits until the coordinator has a health, within the test's time limit. */
async function until(status: number): Promise<void> {
  while ((await healthOf("")) !== status) await delay(100);
}

test("a coordinator without NATS is alive and does not serve, until NATS is back", LIMIT, async () => {
  await until(SERVING);
  await nats.kill();
  await until(NOT_SERVING);
  assert.equal(await healthOf(LIVENESS), SERVING);
  while (!reasons.includes("nats")) await delay(100);
  await nats.restart();
  await until(SERVING);
});

test("a coordinator that cannot write its state folder does not serve, until it can", LIMIT, async () => {
  await until(SERVING);
  renameSync(path.join(state, "state"), path.join(state, "away"));
  await until(NOT_SERVING);
  assert.equal(await healthOf(LIVENESS), SERVING);
  while (!reasons.includes("state folder")) await delay(100);
  renameSync(path.join(state, "away"), path.join(state, "state"));
  await until(SERVING);
});
