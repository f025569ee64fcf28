import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProgramStudy } from "@sintonia/tuning/spec/study-spec";
import { Status } from "nice-grpc-common";
import { specOf } from "../../../core/scenario.fixture.js";
import { requireStoredFiles } from "./spec-files.js";

const SHA = "ab".repeat(32);

function programStudy(files: ProgramStudy["program"]["files"] & object): ProgramStudy {
  const { name, budget, seed, oracle, parameters, objective } = specOf();
  const program = { command: ["./train"], metrics: { from: "report" }, graceSeconds: 30, keep: "best-epoch" } as const;
  return { name, budget, seed, oracle, parameters, objective, program: { ...program, files } };
}

const storeOf = (size: number | undefined) => ({ sizeOf: async () => size });

test("accepts a network's study, and a program whose files are stored", async () => {
  await requireStoredFiles(storeOf(undefined), specOf());
  await requireStoredFiles(storeOf(3), programStudy({ "train.py": { sha256: SHA, sizeBytes: 3 } }));
});

test("refuses paths, files that are not stored, and another size", async () => {
  const file = programStudy({ "train.py": { sha256: SHA, sizeBytes: 3 } });
  const refusal = (size: number | undefined, spec = file) => requireStoredFiles(storeOf(size), spec);
  await assert.rejects(refusal(3, programStudy(["train.py"])), {
    code: Status.INVALID_ARGUMENT,
    details: /received paths/,
  });
  await assert.rejects(refusal(undefined), { code: Status.FAILED_PRECONDITION, details: /train.py .*upload it first/ });
  await assert.rejects(refusal(4), { code: Status.INVALID_ARGUMENT, details: /3 bytes, but the stored one has 4/ });
});
