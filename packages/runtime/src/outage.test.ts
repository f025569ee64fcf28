import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "./logger.js";
import { OutageLog } from "./outage.js";

test("an outage is logged at its begin, once a minute and at its end", () => {
  let now = 5_000;
  const lines: string[] = [];
  const destination = {
    write: (line: string) => {
      const { level, message, reason = "", seconds } = JSON.parse(line);
      lines.push(`${level} ${message} ${reason} ${seconds}`.replace("  ", " "));
    },
  };
  const logger = createLogger({ service: "s", instance: "i", level: "info", destination });
  const outage = new OutageLog(logger, { monotonicMs: () => now }, { failing: "store busy", over: "store answers" });
  outage.succeed();
  for (; now <= 125_000; now += 5_000) outage.fail({ reason: "full" });
  outage.succeed();
  outage.succeed();
  outage.fail({ reason: "away" });
  assert.deepEqual(lines, [
    "warn store busy full 0",
    "warn store busy full 60",
    "warn store busy full 120",
    "info store answers 125",
    "warn store busy away 0",
  ]);
});
