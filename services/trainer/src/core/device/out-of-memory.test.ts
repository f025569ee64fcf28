import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailureKind } from "@sintonia/protocol/attempt-result";
import { isOutOfMemory } from "./out-of-memory.js";

const failed = (message: string, kind: FailureKind = "error") =>
  isOutOfMemory({ type: "training-failed", failure: { kind, message } });

describe("memory that ran out", () => {
  it("is recognised in the messages of engines and programs", () => {
    for (const message of [
      "OOM when allocating tensor with shape[256,800] and type float on /job:localhost/replica:0/task:0/device:GPU:0",
      "RESOURCE_EXHAUSTED: failed to allocate 2.0GiB",
      "Non-zero status code returned. bfc_arena.cc Failed to allocate memory for requested buffer of size 411041792",
      "std::bad_alloc",
      "Array buffer allocation failed",
      "The program ended with exit code 1. Its last output: torch.cuda.OutOfMemoryError: CUDA out of memory.",
      "The program was killed by SIGKILL, which is often the system when memory runs out.",
      "CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    ])
      assert.ok(failed(message), message);
  });

  it("is not seen in other faults, nor in a failure that no error is", () => {
    for (const message of ["The program ended with exit code 1.", "the loss is NaN", "no room for the boom of ROOM"])
      assert.ok(!failed(message), message);
    assert.ok(!failed("OOM", "infeasible"));
  });

  it("is the cause of a training process that someone else killed", () => {
    assert.ok(isOutOfMemory({ type: "child-died", detail: "signal SIGKILL" }));
    assert.ok(!isOutOfMemory({ type: "child-died", detail: "signal SIGSEGV" }));
    assert.ok(!isOutOfMemory({ type: "child-died", detail: "exit code 1" }));
  });
});
