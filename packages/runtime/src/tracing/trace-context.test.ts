import assert from "node:assert/strict";
import { it } from "node:test";
import { childOf, readTraceparent, trialContext, writeTraceparent } from "./trace-context.js";

const TRIAL = { studyId: "mnist", createdAt: 1_000, trialId: "3" };
const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";

it("gives a trial the same context everywhere, and every other trial another one", () => {
  assert.deepEqual(trialContext(TRIAL), trialContext({ ...TRIAL }));
  const others = [{ studyId: "mnist-2" }, { createdAt: 1_001 }, { trialId: "4" }];
  for (const other of others) {
    assert.notEqual(trialContext({ ...TRIAL, ...other }).traceId, trialContext(TRIAL).traceId);
  }
});

it("keeps the parts of the names apart", () => {
  const [one, two] = [
    { studyId: "a1", trialId: "2" },
    { studyId: "a", trialId: "12" },
  ];
  assert.notEqual(trialContext({ ...TRIAL, ...one }).traceId, trialContext({ ...TRIAL, ...two }).traceId);
});

it("reads what it writes", () => {
  for (const context of [trialContext(TRIAL), childOf({ ...trialContext(TRIAL), isSampled: false })]) {
    assert.deepEqual(readTraceparent(writeTraceparent(context)), context);
  }
});

it("keeps the trace of a child", () => {
  const parent = trialContext(TRIAL);
  const child = childOf(parent);
  assert.equal(child.traceId, parent.traceId);
  assert.notEqual(child.spanId, parent.spanId);
});

it("reads headers of later versions, which may have further parts", () => {
  const expected = { traceId: TRACE_ID, spanId: SPAN_ID, isSampled: true };
  assert.deepEqual(readTraceparent(`01-${TRACE_ID}-${SPAN_ID}-03-more`), expected);
});

it("refuses what is no context", () => {
  const texts = [
    "",
    "00",
    `00-${TRACE_ID}-${SPAN_ID}`,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
    `00-${"0".repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${"0".repeat(16)}-01`,
  ];
  for (const text of texts) assert.equal(readTraceparent(text), undefined, text);
});
