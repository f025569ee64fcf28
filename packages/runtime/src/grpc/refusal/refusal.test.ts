import assert from "node:assert/strict";
import { test } from "node:test";
import { Metadata, ServerError, Status } from "nice-grpc-common";
import { BadRequest, ErrorInfo, errorDetailsServerMiddleware, RichServerError } from "nice-grpc-error-details";
import { detailsOf, refusal } from "./refusal.js";
import { STATUS_METADATA } from "./status-bytes.js";

const { FAILED_PRECONDITION } = Status;
const FIELDS = BadRequest.fromPartial({ fieldViolations: [{ field: "seed", description: "ü".repeat(500) }] });

test("a refusal leaves out what clients would have no room for, and keeps its message", () => {
  const kept = (length: number): readonly string[] | undefined => {
    const error = refusal(FAILED_PRECONDITION, "m".repeat(length), { reason: "TOO_LONG", further: [FIELDS] });
    assert.equal(error.details.length, length);
    return error instanceof RichServerError ? error.extra.map(({ $type }) => $type) : undefined;
  };
  assert.deepEqual(kept(100), [ErrorInfo.$type, BadRequest.$type]);
  assert.deepEqual(kept(2_800), [ErrorInfo.$type]);
  assert.equal(kept(7_000), undefined);
});

test("half a character in a message is no fault", () => {
  assert.ok(refusal(FAILED_PRECONDITION, "half \uD800", { reason: "HALF" }) instanceof RichServerError);
});

test("the bytes of a status are those of the package that knows its type", async () => {
  const error = refusal(FAILED_PRECONDITION, "no", { reason: "NO", facts: { a: "b" }, further: [FIELDS] });
  const trailer = Metadata();
  const call = {
    request: {},
    next: () => {
      throw error;
    },
  };
  await assert.rejects(errorDetailsServerMiddleware(call as never, { trailer } as never).next(), ServerError);
  assert.deepEqual(Buffer.from(detailsOf(error)), Buffer.from(trailer.get(STATUS_METADATA) ?? []));
});
