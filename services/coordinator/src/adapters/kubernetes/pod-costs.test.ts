import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PAIRS } from "@sintonia/runtime/grpc/security/certificates.fixture";
import { KubernetesPodCosts, ownCluster } from "./pod-costs.js";

/** A call as the API server of a test received it. */
interface Call {
  readonly line: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Starts an API server that answers every call alike. */
async function withServer(context: TestContext, status: number, text = "{}") {
  const calls: Call[] = [];
  const server = createServer({ cert: PAIRS.server.certificate, key: PAIRS.server.key }, async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    calls.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: JSON.parse(body) });
    response.writeHead(status).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const account = mkdtempSync(join(tmpdir(), "sintonia-account-"));
  for (const [name, content] of [
    ["token", "first\n"],
    ["ca.crt", PAIRS.authority.certificate],
    ["namespace", "team"],
  ] as const)
    writeFileSync(join(account, name), content);
  context.after(() => {
    server.close();
    rmSync(account, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  return { calls, account, pods: new KubernetesPodCosts({ host: "127.0.0.1", port: String(port), account }) };
}

test("a deletion cost is an annotation of the pod in the own namespace", async (context) => {
  const { calls, pods } = await withServer(context, 200);
  await pods.write("trainers-a", 1);
  const [{ line, headers, body }] = calls as [Call];
  assert.equal(line, "PATCH /api/v1/namespaces/team/pods/trainers-a");
  assert.equal(headers["content-type"], "application/merge-patch+json");
  assert.deepEqual(body, { metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": "1" } } });
});

test("each call has the token that the file has at that time", async (context) => {
  const { calls, account, pods } = await withServer(context, 200);
  await pods.write("trainers-a", 1);
  writeFileSync(join(account, "token"), "second");
  await pods.write("trainers-a", 0);
  assert.deepEqual(
    calls.map(({ headers }) => headers["authorization"]),
    ["Bearer first", "Bearer second"],
  );
});

test("a pod that is gone is no fault", async (context) => {
  const { pods } = await withServer(context, 404);
  await pods.write("trainers-a", 1);
});

test("a refusal tells what the cluster said", async (context) => {
  const { pods } = await withServer(context, 403, "pods is forbidden");
  await assert.rejects(pods.write("trainers-a", 1), { message: "403 pods is forbidden" });
});

test("outside a pod there is no cluster", () => {
  assert.throws(() => ownCluster({}), { name: "UserError", message: /SINTONIA_POD_DELETION_COSTS.*outside a pod/ });
  assert.deepEqual(ownCluster({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }).port, "443");
});
