import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epochOf } from "../../core/scenario.fixture.js";
import { eventFault, recordShape } from "./record-schema.js";

const REPORT = { type: "epoch-reported", trialId: "3", measurement: epochOf(1, 0.5) };
const NO_NUMBERS = [undefined, null, "1", Number.NaN, Number.POSITIVE_INFINITY, {}, [], true];

function faultyField(event: object): string | undefined {
  const fault = eventFault(event as { readonly type: string });
  return fault?.kind === "malformed" ? fault.field : fault?.kind;
}

describe("the check of a stored report", () => {
  it("accepts a report, with further fields too", () => {
    assert.equal(eventFault(REPORT), undefined);
    const measurement = { ...REPORT.measurement, further: {} };
    assert.equal(eventFault({ ...REPORT, measurement, further: 1 } as { readonly type: string }), undefined);
  });

  for (const field of ["execution", "epoch", "learningRate", "seconds"]) {
    it(`names ${field} if it is no number`, () => {
      const values = field === "execution" || field === "epoch" ? [...NO_NUMBERS, -1, 0.5, 2 ** 60] : NO_NUMBERS;
      for (const value of values) {
        const measurement = { ...REPORT.measurement, [field]: value };
        assert.equal(faultyField({ ...REPORT, measurement }), `measurement.${field}`, `${value}`);
      }
    });
  }

  it("names a metric that is no number, and metrics that are no mapping", () => {
    for (const value of NO_NUMBERS) {
      const measurement = { ...REPORT.measurement, metrics: { loss: value } };
      assert.equal(faultyField({ ...REPORT, measurement }), "measurement.metrics.loss", `${value}`);
    }
    for (const metrics of [undefined, null, [], "loss", 1]) {
      const measurement = { ...REPORT.measurement, metrics };
      assert.equal(faultyField({ ...REPORT, measurement }), "measurement.metrics", `${metrics}`);
    }
  });

  it("names a trial and a measurement of another form", () => {
    for (const trialId of [undefined, 3, "", "../3", "-1"]) {
      assert.equal(faultyField({ ...REPORT, trialId }), "trialId", `${trialId}`);
    }
    for (const measurement of [undefined, null, [], "0.5"]) {
      assert.equal(faultyField({ ...REPORT, measurement }), "measurement", `${measurement}`);
    }
  });
});

describe("the form of a stored record", () => {
  it("refuses events without a type", () => {
    const record = { version: 1, studyId: "study", sequence: 1, previous: "", at: 0 };
    assert.ok(recordShape.safeParse({ ...record, events: [REPORT] }).success);
    for (const event of [null, "stop", 3, [], {}, { type: 3 }]) {
      assert.ok(!recordShape.safeParse({ ...record, events: [REPORT, event] }).success, JSON.stringify(event));
    }
  });
});
