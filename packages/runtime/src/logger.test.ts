import assert from "node:assert/strict";
import { it } from "node:test";
import { createLogger, type LogLevel } from "./logger.js";

function capture(level: LogLevel) {
  const lines: string[] = [];
  const logger = createLogger({
    service: "coordinator",
    instance: "c-1",
    level,
    destination: { write: (line) => void lines.push(line) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "") as Record<string, unknown> };
}

it("writes one JSON document per line with level, ISO time, service, instance and the fields of the child", () => {
  const { logger, lines, last } = capture("info");
  logger.child({ studyId: "s", trialId: "03", attempt: 2 }).info({ epoch: 4 }, "epoch reported");
  const { time, ...rest } = last();
  assert.deepEqual(rest, {
    level: "info",
    service: "coordinator",
    instance: "c-1",
    studyId: "s",
    trialId: "03",
    attempt: 2,
    epoch: 4,
    message: "epoch reported",
  });
  assert.equal(new Date(String(time)).toISOString(), time);
  assert.equal(lines.length, 1);
});

it("writes an error with its type, message, stack and cause", () => {
  const { logger, last } = capture("info");
  logger.error({ err: new TypeError("outer", { cause: new Error("inner") }) }, "append failed");
  const err = last()["err"] as Record<string, string>;
  assert.equal(err["type"], "TypeError");
  assert.match(err["message"] ?? "", /outer.*inner/);
  assert.match(err["stack"] ?? "", /logger\.test/);
});

it("omits messages that are less severe than its level", () => {
  const { logger, lines } = capture("warn");
  logger.info("hidden");
  logger.warn("shown");
  assert.equal(lines.length, 1);
  const silent = capture("silent");
  silent.logger.fatal("hidden");
  assert.equal(silent.lines.length, 0);
});

/** Returns the keys of a line without nested objects, with repetitions. */
function keysOf(line = ""): string[] {
  return [...line.matchAll(/"(\w+)":/g)].map(([, key]) => key ?? "");
}

it("writes every key of a line once, whatever the facts are called", () => {
  for (const name of ["level", "time", "message", "service", "instance", "studyId"]) {
    const { logger, lines, last } = capture("info");
    logger.child({ studyId: "s" }).info({ [name]: "a fact", [`${name}_`]: 7 }, "epoch reported");
    const line = last();
    assert.deepEqual([line[`${name}_`], line[`${name}__`]], [7, "a fact"], name);
    assert.deepEqual([line["level"], line["message"], line["service"]], ["info", "epoch reported", "coordinator"]);
    assert.deepEqual([line["instance"], line["studyId"]], ["c-1", "s"]);
    assert.equal(new Date(String(line["time"])).toISOString(), line["time"]);
    assert.equal(new Set(keysOf(lines[0])).size, keysOf(lines[0]).length, name);
  }
});

it("writes a fact that repeats a binding once, and keeps bindings of children apart", () => {
  const { logger, lines, last } = capture("info");
  const child = logger.child({ studyId: "s", time: "noon" }).child({ trialId: "3", studyId: "t" });
  child.info({ studyId: "s", trialId: "4", message: "why" }, "leased");
  const { time: _, level: __, service: ___, instance: ____, ...rest } = last();
  assert.deepEqual(rest, {
    studyId: "s",
    time_: "noon",
    trialId: "3",
    studyId_: "t",
    trialId_: "4",
    message_: "why",
    message: "leased",
  });
  assert.equal(new Set(keysOf(lines[0])).size, keysOf(lines[0]).length);
});
