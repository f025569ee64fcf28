import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import type { StudyInput } from "../../core/boundary/input.js";
import { epochOf } from "../../core/scenario.fixture.js";
import { WaitingInputs } from "./waiting-inputs.js";

const ACQUISITION: StudyInput = { type: "acquire-lease", trialId: "0", attempt: 1, trainerId: "trainer-1" };
const TICK: StudyInput = { type: "tick", capacity: 1, trainerIds: [] };

function reportTo(study: number): StudyInput {
  const lease = { studyId: studyIdOf(`study-${study}`), trialId: trialIdOf("0"), attempt: 1, token: 1 };
  return { type: "report-epoch", lease, measurement: epochOf(0, 0.9) };
}

describe("the inputs that wait in a process", () => {
  it("include at most 384 reports of all studies, 512 with those refused before, and still take other calls", () => {
    const waiting = new WaitingInputs({ monotonicMs: () => 0, wallTime: () => new Date(0) });
    const enter = (study: number): (() => void) => {
      assert.equal(waiting.refusalOf(reportTo(study)), undefined);
      return waiting.add(reportTo(study));
    };
    const ends = Array.from({ length: 384 }, (_, study) => enter(study));
    for (let study = 384; study < 600; study++) {
      assert.match(waiting.refusalOf(reportTo(study))?.message ?? "", /Too many reports of epochs wait/);
    }
    for (let study = 384; study < 512; study++) enter(study);
    assert.notEqual(waiting.refusalOf(reportTo(512)), undefined);
    assert.equal(waiting.refusalOf(ACQUISITION), undefined);
    ends[0]?.();
    assert.notEqual(waiting.refusalOf(reportTo(0)), undefined, "a trial that was not refused before");
    assert.equal(waiting.refusalOf(reportTo(512)), undefined);
  });

  it("include at most 2,048 calls, beside those of the coordinator itself", () => {
    const waiting = new WaitingInputs({ monotonicMs: () => 0, wallTime: () => new Date(0) });
    for (let call = 0; call < 5_000; call++) waiting.add(TICK);
    const ends = Array.from({ length: 2_048 }, () => {
      assert.equal(waiting.refusalOf(ACQUISITION), undefined);
      return waiting.add(ACQUISITION);
    });
    assert.match(waiting.refusalOf(reportTo(0))?.message ?? "", /Too many calls wait/);
    assert.equal(waiting.refusalOf(TICK), undefined);
    ends[0]?.();
    assert.equal(waiting.refusalOf(reportTo(0)), undefined);
  });

  it("send refused callers back one after another, after half a second to four seconds", () => {
    const clock = { nowMs: 0, monotonicMs: () => clock.nowMs, wallTime: () => new Date(0) };
    const waiting = new WaitingInputs(clock);
    const delaysMs = Array.from({ length: 5_000 }, () => waiting.refusal("calls").retryAfterMs);
    assert.deepEqual(delaysMs.slice(0, 3), [500, 501, 502]);
    assert.equal(new Set(delaysMs).size, 3_501);
    assert.equal(delaysMs.at(-1), 4_000);
    clock.nowMs = 3_000;
    assert.equal(waiting.refusal("calls").retryAfterMs, 1_001);
    clock.nowMs = 60_000;
    assert.equal(waiting.refusal("calls").retryAfterMs, 500);
  });
});
