import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "nice-grpc-common";
import { Scenario, specOf } from "../../core/scenario.fixture.js";
import { type AdminServiceContext, adminService } from "./admin-service.js";

test("no study starts while 5,000 are open, and one that exists is answered", async () => {
  const { study } = new Scenario();
  const existing = { kind: "existed", study };
  const coordinator = {
    study: (id: string) => (id === "old" ? study : undefined),
    damagedStudy: () => undefined,
    studies: () => Array(5_000).fill(study),
    create: async () => existing,
    standing: () => ({ waiting: undefined, activeMs: 0 }),
  };
  const readSpec = async () => ({ ok: true, spec: specOf({ maxTrials: 1 }) });
  const service = adminService({ coordinator, readSpec } as unknown as AdminServiceContext);
  const create = async (studyId: string) => service.createStudy({ spec: "", studyId }, undefined as never);
  await assert.rejects(create("new"), {
    code: Status.RESOURCE_EXHAUSTED,
    details: /^5000 studies are open, the limit/,
  });
  assert.equal((await create("old")).existed, true);
});
