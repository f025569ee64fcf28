// Clients of other projects: gRPC's own Python from the published proto files, and grpcurl from the
// reflection of the server.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Evaluator } from "@sintonia/coordinator/ports/evaluator";
import type { ServerSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { GRPCURL, goPrograms } from "@sintonia/scripts/go/programs";
import { grpcPython } from "@sintonia/scripts/python/grpc";
import { type RunningCoordinator, startCoordinator } from "../../support/coordinator.js";
import { type NatsServer, startNatsServer } from "../../support/nats-server.js";

const PROTO = fileURLToPath(new URL("../../../../proto", import.meta.url));
const CLIENT = fileURLToPath(new URL("../../../grpc/client.py", import.meta.url));
const PYTHON = grpcPython();
const PROGRAMS = goPrograms(GRPCURL);
const TOKEN = "token-of-vera";
const LIMIT = { timeout: 120_000 };

/** Knows one caller, who may read. */
const SECURITY: ServerSecurity = {
  identify: ({ authorization }) =>
    authorization === `Bearer ${TOKEN}`
      ? { caller: { name: "vera", role: "viewer" } }
      : { problem: "The call has no token." },
};

const EVALUATOR: Evaluator = {
  check: () => Promise.resolve(),
  evaluate: () => Promise.reject(new Error("no study is evaluated here")),
};

const UNKNOWN_STUDY = {
  ErrorInfo: { reason: "STUDY_UNKNOWN", domain: "sintonia", metadata: { name: "nowhere" } },
  ResourceInfo: { resourceType: "sintonia.study", resourceName: "nowhere" },
};

const run = promisify(execFile);

describe("a coordinator that other projects' clients call", LIMIT, () => {
  let nats: NatsServer;
  let running: RunningCoordinator;
  before(async () => {
    nats = await startNatsServer();
    running = await startCoordinator(nats.url, EVALUATOR, SECURITY);
  });
  after(async () => {
    await running.stop();
    await nats.stop();
  });

  it("tells a client in Python the reason of each error", {
    skip: PYTHON === undefined && missing("gRPC"),
  }, async () => {
    const { stdout } = await run(PYTHON ?? "", [CLIENT, PROTO, running.address, TOKEN]);
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { code: string; details?: object });
    assert.deepEqual(answers[0], { call: "list", code: "OK" });
    const [, unknown, viewer, study, field] = answers;
    assert.deepEqual(unknown, {
      call: "unknown caller",
      code: "UNAUTHENTICATED",
      details: { ErrorInfo: { reason: "CALLER_UNKNOWN", domain: "sintonia" } },
    });
    const metadata = { caller: "vera", role: "viewer", method: "StopStudy", roles: "operator" };
    assert.deepEqual(viewer?.details, { ErrorInfo: { reason: "ROLE_INSUFFICIENT", domain: "sintonia", metadata } });
    assert.deepEqual(study, { call: "unknown study", code: "NOT_FOUND", details: UNKNOWN_STUDY });
    const { BadRequest } = (field?.details ?? {}) as { BadRequest: { fieldViolations: [{ field: string }] } };
    assert.equal(BadRequest.fieldViolations[0].field, "study_id");
  });

  it("describes its services to grpcurl, and tells it reasons", {
    skip: PROGRAMS === undefined && missing("grpcurl"),
  }, async () => {
    const grpcurl = async (...args: readonly string[]): Promise<string> => {
      const options = ["-plaintext", "-H", `authorization: Bearer ${TOKEN}`, ...args];
      return (await run(join(PROGRAMS ?? "", "grpcurl"), options)).stdout;
    };
    const services = (await grpcurl(running.address, "list")).split("\n");
    assert.ok(services.includes("sintonia.v1.AdminService") && services.includes("sintonia.v1.TrainerService"));
    assert.match(await grpcurl(running.address, "describe", "sintonia.v1.GetStudyRequest"), /string study_id = 1/);
    assert.match(await grpcurl(running.address, "sintonia.v1.AdminService/ListStudies"), /^\{/);
    const asked = [
      "-format-error",
      "-d",
      '{"study_id":"nowhere"}',
      running.address,
      "sintonia.v1.AdminService/GetStudy",
    ];
    await assert.rejects(grpcurl(...asked), ({ stderr }) => {
      // grpcurl does not know google.rpc, and prints the bytes of its messages.
      const { details } = JSON.parse(stderr) as { readonly details: readonly { "@type": string; "@value": string }[] };
      const [info, resource] = details.map((detail) => Buffer.from(detail["@value"], "base64").toString());
      assert.match(details[0]?.["@type"] ?? "", /google\.rpc\.ErrorInfo$/);
      return /STUDY_UNKNOWN/.test(info ?? "") && /sintonia\.study/.test(resource ?? "");
    });
  });
});

function missing(what: string): string {
  return `./scripts/test prepares ${what} where it can; it has not`;
}
