import assert from "node:assert/strict";
import { test } from "node:test";
import { coordinatorProgram, type ServiceSettings, trainerProgram } from "./service-programs.js";

const SETTINGS: ServiceSettings = {
  natsUrl: "nats://127.0.0.1:4222",
  isNatsExternal: false,
  grpcPort: 7230,
  pagePort: 7280,
  stateDir: "/run/state",
  logsDir: "/run/logs",
  cacheDir: "/cache",
  dataDir: undefined,
  engine: undefined,
  verbose: false,
  credentials: {
    tokens: "/run/secrets/tokens",
    tokenOf: (name) => `/run/secrets/${name}.token`,
    natsSeedOf: (role) => `/run/secrets/nats-${role}.seed`,
  },
};

test("every service of a run disables the telemetry of ONNX Runtime", () => {
  for (const { name, env } of [coordinatorProgram(SETTINGS), trainerProgram(SETTINGS, 1)]) {
    assert.equal(env["ORT_DISABLE_TELEMETRY"], "1", name);
  }
});

test("the coordinator runs with the V8 options of its container image, a trainer without", () => {
  const options = ["--v8-pool-size=1", "--max-semi-space-size=16", "--heap-growing-percent=150"];
  assert.deepEqual(coordinatorProgram(SETTINGS).args.slice(0, options.length), options);
  assert.ok(!trainerProgram(SETTINGS, 1).args.some((argument) => options.includes(argument)));
});

test("a trainer has one thread, its coordinator's address and must not download", () => {
  const { name, env } = trainerProgram({ ...SETTINGS, engine: "tfjs" }, 2);
  assert.equal(name, "trainer-2");
  assert.deepEqual(
    [env["SINTONIA_COORDINATOR_ADDRESS"], env["SINTONIA_ENGINE_THREADS"], env["SINTONIA_ALLOW_DOWNLOAD"]],
    ["127.0.0.1:7230", "1", "false"],
  );
  assert.equal(env["SINTONIA_ENGINE"], "tfjs");
});

test("the coordinator of a run gets the address of metrics, and no trainer does", (t) => {
  process.env["SINTONIA_METRICS_ADDRESS"] = "127.0.0.1:9464";
  t.after(() => delete process.env["SINTONIA_METRICS_ADDRESS"]);
  assert.equal(coordinatorProgram(SETTINGS).env["SINTONIA_METRICS_ADDRESS"], "127.0.0.1:9464");
  assert.equal(trainerProgram(SETTINGS, 1).env["SINTONIA_METRICS_ADDRESS"], "");
});

test("the page of a run has a port of its own or none, whatever the environment says", (t) => {
  process.env["SINTONIA_PAGE_ADDRESS"] = "0.0.0.0:80";
  t.after(() => delete process.env["SINTONIA_PAGE_ADDRESS"]);
  assert.equal(coordinatorProgram(SETTINGS).env["SINTONIA_PAGE_ADDRESS"], "127.0.0.1:7280");
  assert.equal(coordinatorProgram({ ...SETTINGS, pagePort: undefined }).env["SINTONIA_PAGE_ADDRESS"], "");
});

test("a trainer of a run drains as quickly as the run ends, whatever the environment says", (t) => {
  process.env["SINTONIA_DRAIN_MS"] = "40000";
  t.after(() => delete process.env["SINTONIA_DRAIN_MS"]);
  assert.equal(trainerProgram(SETTINGS, 1).env["SINTONIA_DRAIN_MS"], "");
});

test("only a server of the user gets the login of the environment", (t) => {
  process.env["SINTONIA_NATS_PASSWORD_FILE"] = "/secret";
  t.after(() => delete process.env["SINTONIA_NATS_PASSWORD_FILE"]);
  for (const isNatsExternal of [false, true]) {
    const { env } = trainerProgram({ ...SETTINGS, isNatsExternal }, 1);
    assert.equal(env["SINTONIA_NATS_PASSWORD_FILE"], isNatsExternal ? "/secret" : undefined);
    assert.equal(env["SINTONIA_NATS_URL"], SETTINGS.natsUrl);
  }
});
