import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { readingOf, readingsOf } from "@sintonia/coordinator/core/state/reopening";
import { simulate } from "./simulate.js";
import { isStopped } from "./specs.js";
import { CALM } from "./world/faults.js";

/** Further seeds run in simulation-rest.test.ts, on another core. */
const SEEDS = 300;
/** Least number of each kind of course among all seeds. */
const COURSES_MIN = 1;
/**
 * Bytes of the heap that a run may leave: a fifth of what its killed processes hold. Measured: 50
 * KB, most of it compiled code.
 */
const LEFT_MAX_BYTES = 200_000;

describe("a simulated cluster", () => {
  it(`keeps every invariant and ends every study under the faults of ${SEEDS} seeds`, async () => {
    const attempts = { anew: 0, fromNewest: 0, fromOneBefore: 0 };
    const studies = { stopped: 0, paused: 0, replicated: 0, tested: 0, untested: 0, fronts: 0 };
    const wishes = { retried: 0, enqueued: 0, extended: 0, reopened: 0, chosenAgain: 0, stopping: 0 };
    const faults = { preempted: 0, setAside: 0, unevaluated: 0, silent: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = await simulate(seed);
      for (const kind of laterAttempts(run.events)) attempts[kind] += 1;
      studies.stopped += Number(isStopped(seed) && run.studies[0]?.status === "stopped");
      studies.paused += Number(run.events.some(({ type }) => type === "study-resumed"));
      studies.replicated += Number(run.studies.some(({ trials }) => trials.some(({ replicates }) => replicates)));
      studies.tested += Number(run.studies.some(({ testMetrics }) => testMetrics !== undefined));
      studies.fronts += Number(run.events.some(({ type }) => type === "front-tested"));
      studies.untested += Number(run.studies.some(({ testRun }) => testRun?.state === "failed"));
      wishes.retried += Number(run.events.some((event) => event.type === "trial-queued" && event.retries));
      wishes.enqueued += Number(run.events.some((event) => event.type === "point-enqueued" && !event.retries));
      wishes.extended += Number(run.events.some(({ type }) => type === "budget-extended"));
      wishes.reopened += Number(run.studies.some((study) => readingsOf(study).length > 1));
      wishes.chosenAgain += Number(run.studies.some(({ bestTrialId = "", ...study }) => readingOf(study, bestTrialId)));
      wishes.stopping += Number(run.events.some(({ type }) => type === "study-stopping"));
      for (const event of run.events) {
        if (event.type === "trainer-set-aside") faults.setAside += 1;
        if (event.type === "evaluation-paused") faults.unevaluated += 1;
        if (event.type !== "trial-requeued") continue;
        faults.preempted += Number(event.reason === "The trainer was asked to stop.");
        faults.silent += Number(event.reason.endsWith("went silent."));
      }
    }
    for (const [kind, count] of Object.entries({ ...attempts, ...studies, ...wishes, ...faults }))
      assert.ok(count >= COURSES_MIN, `${count} courses are ${kind}`);
  });

  it("gives the same trace for the same seed, byte for byte", async () => {
    for (const seed of [7, 12]) assert.equal((await simulate(seed)).digest, (await simulate(seed)).digest);
    assert.notEqual((await simulate(7)).digest, (await simulate(8)).digest);
  });

  it("stores only the necessary records without faults", async () => {
    const { studies, events, evaluations } = await simulate(390, { faults: CALM });
    const [study] = studies;
    assert.ok(study !== undefined);
    const { length: trials } = study.trials;
    const count = (type: StudyEvent["type"]) => events.filter((event) => event.type === type).length;
    const epochs = study.trials.reduce((sum, { measurements }) => sum + measurements.length, 0);
    assert.ok(count("checkpoint-saved") > 0);
    // The creation; queueing, lease and end of each trial; finalizing, the choice and the end.
    assert.equal(events.length, 1 + 3 * trials + epochs + count("checkpoint-saved") + 3);
    assert.deepEqual([count("epoch-reported"), evaluations], [epochs, 1]);
  });

  it("leaves nothing of its processes in memory", async () => {
    for (let seed = 1; seed <= 5; seed++) await simulate(seed);
    const before = await heapBytes();
    for (let seed = 6; seed <= 20; seed++) await simulate(seed);
    const left = ((await heapBytes()) - before) / 15;
    assert.ok(left <= LEFT_MAX_BYTES, `a run leaves ${Math.round(left)} bytes`);
  });

  it("prints the seed, the faults and the last 50 inputs of a failure", async () => {
    // No trainer can train without its data.
    const failure = simulate(2, { faults: { ...CALM, loss: 1 }, calmMs: 1_000 });
    await assert.rejects(failure, ({ message }: Error) => {
      assert.match(message, /^seed 2 at \d+ ms: a study does not end\nfaults: \{"loss":1,.*\nlast inputs:\n/s);
      return message.split("\n").length <= 53;
    });
  });
});

/** Returns the size of what the garbage collector cannot free. */
async function heapBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // Finalizers run between collections.
  for (let turn = 0; turn < 5; turn++) {
    collect();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}

/** Returns the start of each attempt after the first that reported something. */
function laterAttempts(events: readonly StudyEvent[]): ("anew" | "fromNewest" | "fromOneBefore")[] {
  const newest = new Map<string, string>();
  const fresh = new Set<string>();
  return events.flatMap((event) => {
    if (event.type === "checkpoint-saved") newest.set(event.trialId, event.artifact.sha256);
    if (event.type === "lease-granted" && event.attempt > 1) fresh.add(event.trialId);
    if (event.type === "trial-resumed" && fresh.delete(event.trialId)) {
      return [newest.get(event.trialId) === event.sha256 ? "fromNewest" : "fromOneBefore"];
    }
    return event.type === "epoch-reported" && fresh.delete(event.trialId) ? ["anew"] : [];
  });
}
