import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientError, Status } from "nice-grpc-common";
import { failureOf } from "./failure.js";

test("a coordinator that does not lead is answered with the leader's address", () => {
  const lineOf = (details: string) =>
    failureOf(new ClientError("/sintonia.v1.AdminService/ListStudies", Status.UNAVAILABLE, details), {
      json: false,
      verbose: false,
    }).lines[0];
  assert.equal(
    lineOf("The coordinator does not lead. The leader is at [::1]:7230."),
    "error: this coordinator does not lead: name the leader with --coordinator [::1]:7230",
  );
  assert.equal(
    lineOf("The coordinator does not lead, and no leader is known yet."),
    "error: the coordinator does not answer (The coordinator does not lead, and no leader is known yet.)",
  );
});
