import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROUTES } from "@sintonia/coordinator/adapters/http/api/routes";
import { CoordinatorMetrics } from "@sintonia/coordinator/adapters/prometheus/coordinator-metrics";
import { addStandingMetrics } from "@sintonia/coordinator/adapters/prometheus/standing-metrics";
import { TRIAL_TRANSITIONS } from "@sintonia/coordinator/core/state/transitions";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { DEFAULT_NAMES, NATS_ROLES } from "@sintonia/runtime/nats/names";
import { permissionsOf } from "@sintonia/runtime/nats/permissions";
import { addDeviceMetrics } from "@sintonia/trainer/adapters/prometheus/device-metrics";
import { addGpuMetrics } from "@sintonia/trainer/adapters/prometheus/gpu-metrics";
import { TrainerMetrics } from "@sintonia/trainer/adapters/prometheus/trainer-metrics";
import { emptyDevice } from "@sintonia/trainer/core/device/device";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import { Registry } from "prom-client";
import { ROOT } from "./pages.js";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

test("docs/grpc.md has a row for every call of the protocol", () => {
  const page = read("docs/grpc.md");
  for (const { methods } of [AdminServiceDefinition, TrainerServiceDefinition]) {
    for (const { name } of Object.values(methods)) assert.ok(page.includes(`| \`${name}\` |`), name);
  }
});

test("docs/page.md has a row for every route of the HTTP API, and for no other", () => {
  const rows = [...read("docs/page.md").matchAll(/^\| (GET|POST) \| `(\S+)` \| `(\w+)` \| (.+) \|$/gm)];
  const forms = { message: "JSON", updates: "events", output: "events, or text", bytes: "bytes" };
  const routes = ROUTES.map(({ method, path, call, answer = "message" }) => {
    const { name } = AdminServiceDefinition.methods[call];
    return [method, path.replace(/:(\w+)/g, "{$1}"), name, forms[answer]];
  });
  assert.deepEqual(
    rows.map(([, ...cells]) => cells),
    routes,
  );
});

test("docs/security.md has every subject that NATS must allow", () => {
  const page = read("docs/security.md");
  for (const role of NATS_ROLES) {
    const { publish, subscribe } = permissionsOf(DEFAULT_NAMES, role);
    for (const subject of [...publish, ...subscribe]) assert.ok(page.includes(`"${subject}"`), subject);
  }
});

test("docs/operations.md has a row for every metric, and for no other", async () => {
  const registry = new Registry();
  const sources = {
    coordinator: () => undefined,
    termNumber: () => 0,
    health: () => new Map(),
    isStoreDurable: true,
    availableBytes: async () => 0,
  };
  new CoordinatorMetrics(registry);
  addStandingMetrics(registry, sources);
  new TrainerMetrics(registry);
  addGpuMetrics(registry, async () => []);
  addDeviceMetrics(registry, () => emptyDevice(1, []));
  const rows = [...read("docs/operations.md").matchAll(/^\| `(sintonia_\w+)` \| (\w+) \|/gm)];
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  assert.deepEqual(rows.map((row) => row[1]).sort(), names.sort());
});

test("docs/glossary.md has a row for every state of a trial", () => {
  const chapter = read("docs/glossary.md")
    .split("\n## ")
    .find((text) => text.startsWith("States of a trial"));
  const rows = [...(chapter ?? "").matchAll(/^\| ([a-z]+) \|/gm)].map((match) => match[1]);
  assert.deepEqual(rows.sort(), ["state", ...Object.keys(TRIAL_TRANSITIONS)].sort());
});

test("docs/cli.md has a chapter for every command", () => {
  const page = read("docs/cli.md");
  const help = execFileSync(process.execPath, [join(ROOT, "packages/cli/dist/main.js"), "--help"]).toString();
  const commands = [...help.matchAll(/^ {2}([a-z]+) .*(?:\[options\]|<|\[)/gm)].map((match) => match[1] as string);
  assert.ok(commands.length > 10);
  for (const name of commands.filter((command) => command !== "help")) assert.ok(page.includes(`\n## ${name}\n`), name);
});

const COMING_FROM = ["keras-tuner", "optuna", "ray-tune", "katib"].map((name) => `docs/coming-from/${name}.md`);

for (const path of ["README.md", "docs/spec.md", "docs/data.md", "docs/programs.md", ...COMING_FROM]) {
  test(`the study spec in ${path} is accepted`, () => {
    const blocks = [...read(path).matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] as string);
    const specs = blocks.filter((text) => /^name:/m.test(text));
    assert.ok(specs.length > 0);
    for (const spec of specs) {
      const parsed = parseStudySpec(spec);
      assert.ok(parsed.ok, JSON.stringify(parsed));
    }
  });
}
