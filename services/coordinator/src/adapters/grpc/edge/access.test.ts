import assert from "node:assert/strict";
import { test } from "node:test";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { HealthDefinition } from "nice-grpc-server-health";
import { ServerReflectionService } from "nice-grpc-server-reflection";
import { accessOf, isAudited, isHealthCheck } from "./access.js";

const SERVICES = [AdminServiceDefinition, TrainerServiceDefinition];
const PATHS = SERVICES.flatMap(({ fullName, methods }) =>
  Object.values(methods).map(({ name }) => `/${fullName}/${name}`),
);

test("every call of both services has roles, and an operator may make each", () => {
  for (const path of PATHS) {
    const access = accessOf(path);
    assert.ok(access !== undefined && access !== "open" && access.includes("operator"), path);
  }
});

test("a viewer may make no call of trainers and none that changes something; a trainer none of persons", () => {
  const allowed = (role: "viewer" | "trainer") => PATHS.filter((path) => accessOf(path)?.includes(role));
  assert.deepEqual(
    allowed("viewer").filter((path) => path.includes("TrainerService")),
    [],
  );
  assert.deepEqual(
    allowed("viewer").filter((path) => /Create|Stop|Upload|Delete|Archive|ordon|Drain/.test(path)),
    [],
  );
  assert.deepEqual(
    allowed("trainer").filter((path) => path.includes("AdminService")),
    [],
  );
  assert.equal(allowed("trainer").length, Object.keys(TrainerServiceDefinition.methods).length);
});

test("nobody may make a call that the table does not have", () => {
  for (const path of ["/sintonia.v1.AdminService/Nothing", "/sintonia.v1.AdminService/__proto__", "/x", ""]) {
    assert.equal(accessOf(path), undefined, path);
  }
});

test("only health checks are open, and reflection is for known callers", () => {
  for (const { name } of Object.values(HealthDefinition.methods)) {
    const path = `/${HealthDefinition.fullName}/${name}`;
    assert.equal(accessOf(path), "open");
    assert.ok(isHealthCheck(path));
  }
  for (const { path } of Object.values(ServerReflectionService))
    assert.notEqual(accessOf(path) ?? "open", "open", path);
});

test("calls that create, steer, delete, upload, lease or settle leave an entry, as all refused ones", () => {
  const audited = PATHS.filter((path) => isAudited(path, false)).map((path) => path.split("/").at(-1));
  assert.deepEqual(audited, [
    "CreateStudy",
    "StopStudy",
    "PauseStudy",
    "ResumeStudy",
    "CancelTrial",
    "EnqueueTrial",
    "RetryTrial",
    "ExtendStudy",
    "DeleteStudy",
    "ImportStudy",
    "UploadFile",
    "CordonTrainer",
    "DrainTrainer",
    "UncordonTrainer",
    "AcquireLease",
    "UploadArtifact",
    "CompleteTrial",
    "FailTrial",
  ]);
  for (const path of PATHS) assert.ok(isAudited(path, true), path);
});
