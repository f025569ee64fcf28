import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";
import { readerOf } from "../../text/reader.js";
import { eventDetail } from "./event-detail.js";

function detail(fields: object): string {
  return eventDetail(StudyEvent.fromPartial({ json: JSON.stringify(fields) }), readerOf("en"));
}

test("a lease names trainer and attempt, and no token", () => {
  assert.equal(detail({ type: "lease-granted", trialId: "1", trainerId: "a", attempt: 2, token: 9 }), "a · attempt 2");
});

test("epochs are counted from 1", () => {
  assert.equal(detail({ measurement: { epoch: 0, metrics: { loss: 0.25 } } }), "epoch 1 · loss 0.25");
});

test("values are listed by name, and an unknown objective is left out", () => {
  assert.equal(
    detail({ objective: null, values: { lr: 0.1, kind: "relu" }, reason: "why" }),
    "lr 0.1, kind relu · why",
  );
});
