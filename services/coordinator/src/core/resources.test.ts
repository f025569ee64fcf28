import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Resources } from "@sintonia/tuning/spec/resources";
import type { StudyInput } from "./boundary/input.js";
import { studyWaiting, trainersOf, trialWaiting } from "./query/waiting.js";
import type { Offer } from "./resources/fit.js";
import { Scenario, specOf } from "./scenario.fixture.js";

const GIB = 2 ** 30;
const SMALL: Offer = { engine: "onnx", flavour: "small", gpus: 0, gpuMemoryBytes: 0, memoryBytes: 7.5 * GIB };
const LARGE: Offer = { engine: "tfjs-node-gpu", flavour: "large", gpus: 1, gpuMemoryBytes: GIB, memoryBytes: 64 * GIB };

const scenarioOf = (resources: Resources): Scenario => new Scenario({ ...specOf({ maxTrials: 4 }), resources }, 0);

/** Lets a tick tell of trainers that fit, and of others. */
function tick(scenario: Scenario, trainerIds: readonly string[], ...unfit: readonly Offer[]): void {
  const offers = unfit.map((offer) => ({ offer, count: 1 }));
  const capacity = trainerIds.length;
  scenario.submit({ type: "tick", capacity, trainerIds, unfitTrainers: { count: unfit.length, offers } });
}

const publications = (scenario: Scenario): number =>
  scenario.takeEffects().filter(({ type }) => type === "publish-assignment").length;

describe("a study that asks for resources", () => {
  it("gives no lease to a trainer that lacks them, and gives it to one that has them", () => {
    const scenario = scenarioOf({ gpu: 1, flavour: "large" });
    const { id: trialId } = scenario.suggest();
    const ask = (offer?: Offer): StudyInput => {
      const of = offer === undefined ? {} : { offer };
      return { type: "acquire-lease", trialId, attempt: 1, trainerId: "trainer-1", ...of };
    };
    for (const unfit of [ask(), ask(SMALL), ask({ ...LARGE, gpus: 0 })]) {
      assert.deepEqual(scenario.submit(unfit), { kind: "refused", reason: "unfit" });
    }
    assert.equal(scenario.submit(ask(LARGE)).kind, "granted");
  });

  it("offers its trial once a trainer lives that fits, also after it was queued without one", () => {
    const scenario = scenarioOf({ flavour: "large" });
    scenario.suggest();
    tick(scenario, [], SMALL);
    assert.equal(publications(scenario), 0);
    tick(scenario, ["trainer-2"], SMALL);
    assert.equal(publications(scenario), 1);
    tick(scenario, ["trainer-2"], SMALL);
    assert.equal(publications(scenario), 0, "until the assignment is overdue");
  });

  it("asks the oracle for one trial while no trainer fits, whatever the number of others", () => {
    const scenario = scenarioOf({ flavour: "large" });
    tick(scenario, [], SMALL, SMALL, SMALL);
    scenario.suggest();
    scenario.takeEffects();
    tick(scenario, [], SMALL, SMALL, SMALL);
    assert.deepEqual(scenario.takeEffects(), []);
  });

  it("says that no trainer fits, what it asks for, what the trainers have, and the way out", () => {
    const scenario = scenarioOf({ gpu: 1, flavour: "large", memory: "32GiB" });
    const trial = scenario.suggest();
    tick(scenario, [], SMALL, { ...SMALL, flavour: "tiny", memoryBytes: 0 });
    const has = "1 with onnx, flavour small, no GPU, 7.5 GiB; 1 with onnx, flavour tiny, no GPU, memory unknown";
    const asked = "1 GPU, flavour large, 32GiB of memory";
    const facts = `No trainer fits: the spec asks for ${asked}. The 2 that live are: ${has}.`;
    const advice = "Start a trainer with these resources (SINTONIA_FLAVOUR=large), or a study that asks for others.";
    const trainers = { live: 2, cordoned: 0, unfit: 2, usable: 0, busy: 0 };
    const wait = { reason: "resources", message: `${facts} ${advice}`, trainers };
    assert.deepEqual(studyWaiting(scenario.state), wait);
    assert.deepEqual(trialWaiting(scenario.study, trial, trainersOf(scenario.state)), wait);
  });

  it("says what the only live trainer has, and how many have other equipment", () => {
    const scenario = scenarioOf({ flavour: "large" });
    tick(scenario, [], SMALL);
    const message = studyWaiting(scenario.state)?.message ?? "";
    assert.match(message, /large\. The only one that lives has onnx, flavour small, no GPU, 7\.5 GiB\. Start/);
    const unfitTrainers = { count: 9, offers: [{ offer: SMALL, count: 7 }] };
    scenario.submit({ type: "tick", capacity: 0, trainerIds: [], unfitTrainers });
    assert.match(
      studyWaiting(scenario.state)?.message ?? "",
      /The 9 that live are: 7 with onnx,.*; 2 with other equipment\./,
    );
  });

  it("counts trainers that do not fit neither as free nor as set aside", () => {
    const scenario = scenarioOf({ flavour: "large" });
    const trial = scenario.suggest();
    tick(scenario, ["trainer-2"], SMALL);
    const text = trialWaiting(scenario.study, trial, trainersOf(scenario.state))?.message ?? "";
    assert.match(text, /^1 of 1 trainers is free: /);
    assert.doesNotMatch(text, /set aside/);
    scenario.submit({
      type: "tick",
      capacity: 0,
      trainerIds: [],
      cordonedTrainerIds: ["trainer-2"],
      unfitTrainers: { count: 1, offers: [] },
    });
    assert.match(studyWaiting(scenario.state)?.message ?? "", /^The only trainer with its resources is cordoned\./);
  });
});
