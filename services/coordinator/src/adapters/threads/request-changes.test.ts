import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createRandom, type Random } from "@sintonia/tuning/random/random";
import { suggestionRequest } from "../../core/query/oracle-request.js";
import { Scenario, specOf } from "../../core/scenario.fixture.js";
import { ReceivedRequests, type RequestChange, SentRequests } from "./request-changes.js";

/** A sender and its thread. */
class Line {
  readonly #sent: SentRequests;
  readonly #received = new ReceivedRequests();
  /** Number of list items that the last request sent. */
  items = 0;

  constructor(itemsMax?: number) {
    this.#sent = new SentRequests(itemsMax);
  }

  send(request: SuggestionRequest): SuggestionRequest {
    const change: RequestChange = structuredClone(this.#sent.changeTo(request));
    const lists = Object.values(change.fields).flatMap((field) => (field && "items" in field ? [field.items] : []));
    this.items = lists.reduce((sum, { length }) => sum + length, 0);
    return this.#received.after(change);
  }
}

/** Ends a trial, begins another one, or both; the requests thus change in every list. */
function advance(scenario: Scenario, random: Random): void {
  const queued = scenario.study.trials.filter(({ state }) => state === "queued");
  const trial = queued[random.integer(Math.max(1, queued.length))];
  if (trial === undefined || random.integer(2) === 0) {
    scenario.suggest(0.01 + random.uniform() / 20);
    return;
  }
  const kind = random.integer(5);
  if (kind < 3) scenario.train(trial, random.uniform());
  else {
    const lease = scenario.lease(trial);
    const failure = kind === 3 ? "error" : "infeasible";
    scenario.submit({ type: "fail-trial", lease, kind: failure, message: "It broke." });
  }
}

const SPEC = specOf({ maxTrials: 1_000, maxConsecutiveFailures: 999 });

describe("the requests to a thread", () => {
  it("arrive as they are, from studies in turn and after the thread has forgotten some", () => {
    for (const itemsMax of [undefined, 150, 1]) {
      const random = createRandom(7);
      const line = new Line(itemsMax);
      const scenarios = [0, 1, 2].map((seed) => new Scenario({ ...SPEC, seed, parameters: { ...SPEC.parameters } }));
      for (let step = 0; step < 400; step++) {
        const scenario = scenarios[random.integer(3)] as Scenario;
        advance(scenario, random);
        const request = suggestionRequest(scenario.study, scenario.study.trials.length);
        assert.deepEqual(line.send(request), request, `step ${step}, at most ${itemsMax} items`);
      }
    }
  });

  it("send the trials that changed, however many there are", () => {
    const random = createRandom(3);
    const scenario = new Scenario(SPEC);
    const line = new Line();
    const most: number[] = [];
    for (let step = 0; step < 1_200; step++) {
      advance(scenario, random);
      line.send(suggestionRequest(scenario.study, scenario.study.trials.length));
      most.push(line.items);
    }
    assert.ok(scenario.study.trials.length > 500);
    // One observation or value more, and one pending trial less.
    assert.ok(Math.max(...most) <= 2, `${Math.max(...most)} items`);
  });

  it("arrive with fields that come and go", () => {
    const line = new Line();
    const { study } = new Scenario();
    const { isCautious: _, failed: __, ...bare } = suggestionRequest(study, 0);
    const values = [{ stddev: 0.02 }, { stddev: 0.03 }];
    for (const request of [bare, { ...bare, failed: values }, bare, { ...bare, failed: values.slice(1) }]) {
      assert.deepEqual(line.send(request), request);
    }
  });
});
