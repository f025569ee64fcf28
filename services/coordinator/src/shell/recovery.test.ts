import assert from "node:assert/strict";
import { it } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import { MemoryArtifactStore } from "../adapters/memory/artifact-store.js";
import { checkpointOf, epochOf, Scenario } from "../core/scenario.fixture.js";
import { warnOfMissingArtifacts } from "./recovery.js";

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
