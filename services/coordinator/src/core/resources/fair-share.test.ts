import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { competitionOf, fairShare } from "./fair-share.js";
import type { Demand, Offer, OfferCount } from "./fit.js";

const ANY: Demand = { gpus: 0, needsGpuEngine: false, flavour: "", memoryBytes: 0 };
const LARGE: Demand = { ...ANY, flavour: "large" };
const HUGE: Demand = { ...ANY, flavour: "huge" };

const offer = (flavour: string): Offer => ({ engine: "onnx", flavour, gpus: 0, gpuMemoryBytes: 0, memoryBytes: 1 });
const trainers = (counts: Readonly<Record<string, number>>): OfferCount[] =>
  Object.entries(counts).map(([flavour, count]) => ({ offer: offer(flavour), count }));

describe("the fair share of a study", () => {
  it("is an equal part of the trainers, rounded up, where every trainer fits every study", () => {
    for (const [live, studies] of [
      [0, 1],
      [1, 3],
      [10, 3],
      [9, 3],
      [100, 7],
    ] as const) {
      const competition = competitionOf(Array.from({ length: studies }, () => ANY));
      assert.equal(fairShare(ANY, trainers({ small: live }), competition), Math.ceil(live / studies), `${live}`);
    }
  });

  it("counts only trainers that fit, and divides each among the studies that it fits", () => {
    const offers = trainers({ large: 2, small: 2 });
    const competition = competitionOf([ANY, LARGE]);
    assert.equal(fairShare(LARGE, offers, competition), 1);
    assert.equal(fairShare(ANY, offers, competition), 3);
  });

  it("leaves all trainers to the others where a study fits none", () => {
    const offers = trainers({ small: 4 });
    const competition = competitionOf([ANY, HUGE, HUGE, HUGE]);
    assert.equal(fairShare(HUGE, offers, competition), 0);
    assert.equal(fairShare(ANY, offers, competition), 4);
  });

  it("does not round up a whole number for the error of its sum", () => {
    const offers = trainers(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, 1])));
    assert.equal(fairShare(ANY, offers, competitionOf([ANY, ANY, ANY])), 10);
  });

  it("of a study that begins no trials is what it would have alone", () => {
    assert.equal(fairShare(LARGE, trainers({ large: 3 }), competitionOf([])), 3);
  });
});
