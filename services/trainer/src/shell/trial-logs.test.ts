import assert from "node:assert/strict";
import { test } from "node:test";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { createLogger } from "@sintonia/runtime/logger";
import { TrialLogs } from "./trial-logs.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const ASSIGNMENT = { studyId: studyIdOf("mnist"), trialId: trialIdOf("07"), attempt: 2 };

function logs(traceparent: string | undefined) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const trials = new TrialLogs(createLogger({ service: "trainer", instance: "test", level: "info", destination }));
  const delivery = {
    assignment: ASSIGNMENT,
    ...(traceparent === undefined ? {} : { traceparent }),
    accept: () => Promise.resolve(),
    giveBack: () => Promise.resolve(),
  };
  const source = trials.following({ next: () => Promise.resolve(delivery) });
  return { trials, lines, pull: () => source.next(new AbortController().signal) };
}

test("lines about a delivered trial carry its ids and the id of its trace", async () => {
  const { trials, lines, pull } = logs(`00-${TRACE}-00f067aa0ba902b7-01`);
  await pull();
  trials.of(ASSIGNMENT).info({ token: 7 }, "lease granted");
  const [{ studyId, trialId, attempt, traceId, token } = {}] = lines;
  assert.deepEqual([studyId, trialId, attempt, traceId, token], ["mnist", "07", 2, TRACE, 7]);
});

test("lines about another trial, and about an assignment without a trace, carry none", async () => {
  const { trials, lines, pull } = logs(`00-${TRACE}-00f067aa0ba902b7-01`);
  await pull();
  trials.of({ ...ASSIGNMENT, trialId: trialIdOf("08") }).info("attempt ended");
  const untraced = logs(undefined);
  await untraced.pull();
  untraced.trials.of(ASSIGNMENT).info("attempt ended");
  for (const line of [...lines, ...untraced.lines]) assert.ok(line["trialId"] !== undefined && !("traceId" in line));
});
