// Seeded storms over the test of a program's best trial: lost, late and repeated calls of several
// trainers, expired leases, restarts from the log, and a person who stops the study.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { createRandom, type Random } from "@sintonia/tuning/random/random";
import { recover } from "./apply.js";
import type { Answer } from "./boundary/answer.js";
import { checkpointOf, RULES, type Scenario, selectionOf, TTL_MS, WEIGHTS } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";
import { isOver, type Study } from "./state/study.js";
import { figuresOf, testedScenario } from "./test-run.fixture.js";

const SEEDS = 400;
const STEPS_MAX = 120;
const FAILURES = ["error", "infeasible", "interrupted", "preempted", "trainer"] as const;

class Storm {
  readonly scenario: Scenario = testedScenario();
  readonly #random: Random;
  readonly #leases: LeaseKey[] = [];
  readonly #trials = this.scenario.study.trials;

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  step(): void {
    const before = this.scenario.study;
    const lease = this.#leases[this.#random.integer(Math.max(1, this.#leases.length))];
    const action = this.#random.integer(12);
    if (action < 3 || lease === undefined) this.#acquire();
    else if (action < 10) this.#call(before, lease, action);
    else if (action === 10) this.#pass();
    else this.#restart();
    this.#check(before);
  }

  #acquire(): void {
    const { attempt = 1 } = this.scenario.study.testRun ?? {};
    const trainerId = `trainer-${1 + this.#random.integer(3)}`;
    const asked = Math.max(1, attempt - this.#random.integer(2));
    const answer = this.scenario.submit({ type: "acquire-lease", trialId: "test", attempt: asked, trainerId });
    if (answer.kind !== "granted") return;
    this.#leases.push({
      ...{ studyId: this.scenario.study.id, trialId: this.#testId() },
      attempt: asked,
      token: answer.lease.token,
    });
  }

  #testId(): LeaseKey["trialId"] {
    return this.scenario.study.testRun?.id as LeaseKey["trialId"];
  }

  /** Makes a call under a lease, which may be an old one. */
  #call(before: Study, lease: LeaseKey, action: number): void {
    const answer = this.#answerTo(lease, action, before.testRun?.measurements.length ?? 0);
    const isHeld = before.testRun?.lease?.token === lease.token && before.testRun.attempt === lease.attempt;
    if (!isHeld) assert.notEqual(answer?.kind, "continue", "nothing is accepted under an old token");
  }

  #answerTo(lease: LeaseKey, action: number, epoch: number): Answer | undefined {
    const { scenario } = this;
    if (action < 6) return scenario.report(lease, figuresOf(epoch, { [`metric${epoch}`]: lease.token }));
    if (action === 6) return scenario.save(lease, Math.max(0, epoch - 1), lease.token * 100 + epoch);
    if (action === 7) return scenario.submit({ type: "heartbeat", lease });
    if (action === 8) return this.#end(lease);
    const sha256 = scenario.study.testRun?.checkpoints[0]?.artifact.sha256 ?? checkpointOf(1).sha256;
    return scenario.submit({ type: "resume-trial", lease, sha256 });
  }

  #end(lease: LeaseKey): Answer {
    const { scenario } = this;
    if (this.#random.integer(3) === 0) {
      return scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    }
    const kind = FAILURES[this.#random.integer(FAILURES.length)] ?? "error";
    return scenario.submit({ type: "fail-trial", lease, kind, message: "It broke." });
  }

  #pass(): void {
    this.scenario.monotonicMs += this.#random.integer(2) === 0 ? TTL_MS + 1 : RULES.setAsideMs;
    this.#tick();
    if (this.#random.integer(40) === 0) this.scenario.submit({ type: "stop-study", reason: "Enough." });
  }

  /** An ended study gets no ticks. */
  #tick(): void {
    if (!isOver(this.scenario.study)) this.scenario.tick(3);
  }

  #restart(): void {
    const { scenario } = this;
    const replayed = evolveAll(undefined, scenario.events, scenario.now().wallMs) as Study;
    // The scenario keeps no times of events; all else is as the log has it.
    assert.deepEqual(timeless(replayed), timeless(scenario.study), "the log has the whole state");
    // The former process may have asked for the choice, too.
    scenario.submit({ type: "selection-ready", selection: selectionOf("0", 2) });
    scenario.state = recover(scenario.study, scenario.now(), RULES).state;
    this.#tick();
  }

  #check(before: Study): void {
    const { study } = this.scenario;
    assert.deepEqual(study.trials, this.#trials, "the trials stay as they are");
    assert.deepEqual([study.consecutiveFailures, study.bestTrialId], [0, "1"]);
    assert.ok(study.lastToken >= before.lastToken, "tokens only grow");
    assert.notEqual(study.status, "failed", "no test fails its study");
    if (isOver(before)) assert.deepEqual(study, before, "an ended study stays as it is");
    const isTested = study.testRun?.state === "completed";
    assert.equal(study.testMetrics !== undefined, isTested, "figures come from a completed test alone");
    assert.equal(isTested && study.message !== undefined, false);
  }
}

/** Returns a study without the times of its events. */
function timeless(study: Study): unknown {
  const times = new Set(["startedAt", "reportedAt", "endedAt", "changedAt", "createdAt", "since", "interruptedMs"]);
  return JSON.parse(JSON.stringify(study, (key, value: unknown) => (times.has(key) ? 0 : value)));
}

test("no storm lets a test run twice, fails its study, or touches its trials", () => {
  const ends = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const storm = new Storm(seed);
    try {
      for (let step = 0; step < STEPS_MAX; step++) storm.step();
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
    const { study, events } = storm.scenario;
    assert.ok(events.filter(({ type }) => type === "test-queued").length === 1, `seed ${seed} queues one test`);
    assert.ok(events.filter(({ type }) => type === "test-completed").length <= 1, `seed ${seed} has one result`);
    ends.add(`${study.status}, test ${study.testRun?.state}`);
  }
  const expected = ["completed, test completed", "completed, test failed", "completed, test infeasible"];
  for (const end of [...expected, "stopped, test cancelled"]) assert.ok(ends.has(end), `no storm ends as ${end}`);
});
