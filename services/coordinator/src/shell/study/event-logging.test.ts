import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import { Scenario } from "../../core/scenario.fixture.js";
import type { StudyEvent } from "../../core/state/event.js";
import { logEvents } from "./event-logging.js";

/** Returns the lines of events. */
function linesOf(events: readonly StudyEvent[]): string[] {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: "coordinator", instance: "test", level: "info", destination });
  const scenario = new Scenario();
  scenario.suggest();
  logEvents(logger, scenario.study, events);
  return lines;
}

test("the line of a lease names the token and not the secret", () => {
  const [line = ""] = linesOf([
    { type: "lease-granted", trialId: "0", attempt: 1, trainerId: "t", token: 7, secret: "Zyh0aZHYqxBH4lFw-g8_Hw" },
  ]);
  assert.equal(JSON.parse(line).token, 7);
  assert.doesNotMatch(line, /secret|Zyh0aZHYqxBH4lFw/);
});

test("an event's line has its reason beside the line's own message", () => {
  const lines = linesOf([
    { type: "trial-infeasible", trialId: "0", message: "loss was not finite." },
    { type: "study-ended", status: "failed", message: "3 trials failed in a row." },
    { type: "evaluation-paused", message: "No data." },
  ]);
  const logged = lines.map((line) => JSON.parse(line)).map(({ level, message, reason }) => [level, message, reason]);
  assert.deepEqual(logged, [
    ["info", "trial infeasible", "loss was not finite."],
    ["info", "study ended", "3 trials failed in a row."],
    ["warn", "evaluation of the best trial failed, it waits", "No data."],
  ]);
  for (const line of lines) assert.equal(line.match(/"message":/g)?.length, 1, line);
});
