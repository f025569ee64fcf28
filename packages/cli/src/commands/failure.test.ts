import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientError, Status } from "nice-grpc-common";
import { BadRequest, ErrorInfo, RichClientError } from "nice-grpc-error-details";
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

test("--json prints the reason, the facts and the wrong fields of a refused call", () => {
  const path = "/sintonia.v1.AdminService/ExtendStudy";
  const details = [
    ErrorInfo.fromPartial({ reason: "FIELD_INVALID", domain: "sintonia", metadata: { field: "max_trials" } }),
    BadRequest.fromPartial({ fieldViolations: [{ field: "max_trials", description: "received 0." }] }),
  ];
  const error = new RichClientError(path, Status.INVALID_ARGUMENT, "max_trials: received 0.", details);
  const { code, lines } = failureOf(error, { json: true, verbose: false });
  assert.equal(code, 2);
  assert.deepEqual(JSON.parse(lines[0] ?? ""), {
    code: "INVALID_ARGUMENT",
    message: "max_trials: received 0.",
    facts: {
      call: path,
      reason: "FIELD_INVALID",
      field: "max_trials",
      fields: [{ field: "max_trials", description: "received 0." }],
    },
  });
});
