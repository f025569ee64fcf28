import assert from "node:assert/strict";
import { test } from "node:test";
import { EnqueueTrialRequest, ListTrialsRequest } from "@sintonia/proto/sintonia/v1/admin";
import { requestMessage } from "./request-message.js";
import type { MessageType } from "./routes.js";

const LIST = ListTrialsRequest as MessageType;
const ENQUEUE = EnqueueTrialRequest as MessageType;
const fields = { studyId: "s" };

function listed(query: string): unknown {
  return ListTrialsRequest.decode(requestMessage(LIST, { fields, query: new URLSearchParams(query), body: undefined }));
}

test("reads numbers, booleans and texts of a query", () => {
  assert.deepEqual(listed("pageSize=20&withMeasurements=true&pageToken=7"), {
    studyId: "s",
    withMeasurements: true,
    pageToken: "7",
    trialId: "",
    pageSize: 20,
  });
});

test("refuses a name that the call does not have, with those that it has", () => {
  assert.throws(() => listed("size=1"), {
    message: 'The query has no name "size". It has: withMeasurements, pageToken, trialId, pageSize.',
  });
});

test("refuses values of another type, and a name that comes twice", () => {
  const wrong = ["pageSize=-1", "pageSize=1.5", "pageSize=", "pageSize=99999999999", "withMeasurements=yes"];
  for (const query of wrong) assert.throws(() => listed(query), { status: 400 }, query);
  assert.throws(() => listed("pageSize=1&pageSize=2"), /more than once/);
});

test("reads the values of a body, which cannot replace the names of the path", () => {
  const read = (body: object, query = "") =>
    requestMessage(ENQUEUE, {
      fields,
      query: new URLSearchParams(query),
      body: body as Readonly<Record<string, unknown>>,
    });
  const message = EnqueueTrialRequest.decode(read({ values: { rate: { doubleValue: 0.1 } } }));
  assert.equal(message.studyId, "s");
  assert.deepEqual(message.values["rate"]?.kind, { $case: "doubleValue", value: 0.1 });
  assert.throws(() => read({ studyId: "t" }), /The body has no name "studyId"\. It has: values\./);
  assert.throws(() => read({ values: 1 }), /expected object/);
  assert.throws(() => read({}, "values=1"), /The query has no name "values"\. It has no names\./);
});
