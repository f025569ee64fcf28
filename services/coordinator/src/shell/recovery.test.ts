import assert from "node:assert/strict";
import { it } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import type { NetworkStudy } from "@sintonia/tuning/spec/study-spec";
import { MemoryArtifactStore } from "../adapters/memory/artifact-store.js";
import { checkpointOf, epochOf, Scenario } from "../core/scenario.fixture.js";
import type { Study } from "../core/state/study.js";
import { warnOfMissingArtifacts, warnOfMissingFiles } from "./recovery.js";

it("warns of a study whose artifacts are missing, with their number, and of no other", async () => {
  const scenario = new Scenario();
  scenario.complete(0.9);
  const lease = scenario.lease(scenario.suggest());
  scenario.report(lease, epochOf(0, 0.5));
  scenario.save(lease, 0);
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: "coordinator", instance: "test", level: "warn", destination });
  const empty = { artifacts: new MemoryArtifactStore(), checkpoints: new MemoryArtifactStore() };
  await warnOfMissingArtifacts([scenario.study], empty, logger);
  const [line = "{}"] = lines;
  const { studyId, missing, named, message } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual([studyId, missing, named, message], ["study", 2, 2, "artifacts of a study are missing"]);
  const whole = { sizeOf: async () => checkpointOf(0).sizeBytes };
  await warnOfMissingArtifacts([scenario.study], { artifacts: whole, checkpoints: whole }, logger);
  assert.equal(lines.length, 1);
});

it("warns of the files that an unfinished study lacks", async () => {
  const { study } = new Scenario();
  const file = (digit: string) => ({ sha256: digit.repeat(64), sizeBytes: 1 });
  const program = {
    command: ["./train"],
    metrics: { from: "report" },
    graceSeconds: 30,
    keep: "best-epoch",
    files: { "train.py": file("a"), "lib/x.py": file("b") },
  } as const;
  const { dataset: _, model: __, training: ___, ...rest } = study.spec as NetworkStudy;
  const named: Study = { ...study, spec: { ...rest, program } };
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: "coordinator", instance: "test", level: "warn", destination });
  const files = { sizeOf: async (sha256: string) => (sha256.startsWith("a") ? 1 : undefined) };
  await warnOfMissingFiles([study, named, { ...named, status: "stopped" }], files, logger);
  assert.equal(lines.length, 1);
  const { missing, message } = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
  assert.deepEqual([missing, message], [["lib/x.py"], "files of a study are missing"]);
});
