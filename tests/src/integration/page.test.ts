// The live page and its API, of real coordinators: who may read and change, updates, followers.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type Asked, ask, eventsOf, open } from "@sintonia/coordinator/adapters/http/http-client.fixture";
import { createToken } from "@sintonia/runtime/grpc/security/token-list";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, TrainerProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

const JSON_TYPE = { "Content-Type": "application/json" };

describe("the page of two coordinators", LIMIT, () => {
  let nats: NatsServer;
  let folder: string;
  let leader: CoordinatorProcess;
  let follower: CoordinatorProcess;
  let trainer: TrainerProcess;
  let port: number;
  const tokens = new Map<string, string>();

  before(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-page-"));
    const lines: string[] = [];
    for (const [name, role] of [
      ["ada", "operator"],
      ["vera", "viewer"],
      ["gpu", "trainer"],
    ] as const) {
      const { token, line } = createToken({ name, role });
      tokens.set(name, token);
      lines.push(line);
    }
    await writeFile(path.join(folder, "tokens"), lines.join("\n"));
    await writeFile(path.join(folder, "gpu.token"), tokens.get("gpu") ?? "");
    const settings = {
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: path.join(folder, "state"),
      SINTONIA_CACHE_DIR: path.join(folder, "cache"),
      SINTONIA_ALLOW_DOWNLOAD: "false",
    };
    const doors = { SINTONIA_GRPC_TOKENS_FILE: path.join(folder, "tokens"), SINTONIA_PAGE_ADDRESS: "127.0.0.1:0" };
    leader = new CoordinatorProcess({ ...settings, ...doors });
    await leader.line("coordinator ready");
    follower = new CoordinatorProcess({ ...settings, ...doors });
    await follower.line("coordinator follows");
    trainer = new TrainerProcess({
      ...settings,
      SINTONIA_COORDINATOR_ADDRESS: await leader.address(),
      SINTONIA_COORDINATOR_TOKEN_FILE: path.join(folder, "gpu.token"),
      SINTONIA_TRAINER_NAME: "gpu",
    });
    port = await pagePort(leader);
  });
  after(async () => {
    await Promise.all([trainer, leader, follower].map((service) => service.end("SIGKILL")));
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  const as = (name: string): Record<string, string> => ({ Authorization: `Bearer ${tokens.get(name)}` });
  const get = (where: string, headers = as("vera")) => ask(port, { path: `/api/v1${where}`, headers });
  const post = (where: string, body: object, headers: Record<string, string>, given: Partial<Asked> = {}) =>
    ask(port, {
      method: "POST",
      path: `/api/v1${where}`,
      headers: { ...JSON_TYPE, ...headers },
      body: JSON.stringify(body),
      ...given,
    });
  const errorOf = (text: string): Record<string, string> => JSON.parse(text).error;

  it("shows a study from its creation to its end, with an event for each update", async () => {
    const created = await post("/studies", { spec: tinySpec("shown"), studyId: "shown" }, as("ada"));
    assert.equal(created.status, 200, created.text);
    assert.equal(JSON.parse(created.text).study.id, "shown");
    const states = new Map<string, string>();
    const seen: string[] = [];
    for await (const { event, data } of eventsOf(
      await open(port, { path: "/api/v1/studies/shown/watch", headers: as("vera") }),
    )) {
      seen.push(event);
      const { trials = [] } = data as { readonly trials?: readonly { readonly id: string; readonly state: string }[] };
      for (const { id, state } of trials) states.set(id, state);
    }
    assert.deepEqual([...states.values()], ["TRIAL_STATE_COMPLETED", "TRIAL_STATE_COMPLETED"]);
    assert.ok(seen.length > 2, "an update comes as soon as a trial changes");
    assert.equal(seen.at(-1), "end");

    const best = JSON.parse((await get("/studies/shown/best")).text);
    const artifact = await get(`/studies/shown/artifacts/${best.weights.sha256}`);
    assert.equal(artifact.headers["content-disposition"], "attachment");
    assert.ok(artifact.text.length > 0);
  });

  it("lets a viewer read and change nothing, and leaves both names in the audit log", async () => {
    assert.equal((await get("/studies", {})).status, 401);
    assert.equal((await get("/studies", as("gpu"))).status, 403);
    assert.equal((await get("/studies")).status, 200);
    const stopped = await post("/studies/none/stop", { reason: "no" }, as("vera"));
    assert.deepEqual([stopped.status, errorOf(stopped.text)["reason"]], [403, "ROLE_INSUFFICIENT"]);
    const missing = await post("/studies/none/stop", { mode: "STOP_MODE_NOW" }, as("ada"));
    assert.deepEqual([missing.status, errorOf(missing.text)["code"]], [404, "NOT_FOUND"]);
    const entries = () => readFile(path.join(folder, "state", "audit", "audit.jsonl"), "utf8");
    while (!/"caller":"ada".*"call":"StopStudy","study":"none","outcome":"NOT_FOUND"/.test(await entries()));
    assert.match(await entries(), /"caller":"vera".*"peer":"127\.0\.0\.1:\d+","call":"StopStudy"/);
  });

  it("gives a browser a session for a token, and refuses what other sites send in it", async () => {
    const sign = (token: unknown) =>
      ask(port, { method: "POST", path: "/session", headers: JSON_TYPE, body: JSON.stringify({ token }) });
    assert.equal((await sign("sintonia_unknown")).status, 401);
    const signed = await sign(tokens.get("ada"));
    assert.equal(signed.status, 200, signed.text);
    const cookie = signed.headers["set-cookie"]?.[0] ?? "";
    assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = { Cookie: cookie.split(";")[0] ?? "" };
    assert.equal((await get("/studies", session)).status, 200);
    const refused = [
      await post("/studies/none/stop", {}, { ...session, Origin: "https://evil.example" }),
      await post("/studies/none/stop", {}, { ...session, "Sec-Fetch-Site": "cross-site" }),
      await get("/studies", { ...session, Host: "rebound.example" }),
    ];
    assert.deepEqual(
      refused.map(({ status }) => status),
      [403, 403, 403],
    );
    const own = { ...session, Origin: `http://127.0.0.1:${port}`, "Sec-Fetch-Site": "same-origin" };
    assert.equal((await post("/studies/none/stop", {}, own)).status, 404);
    assert.equal((await post("/studies/none/stop", {}, { ...own, "Content-Type": "text/plain" })).status, 415);
  });

  it("shows the leader's studies at a follower too, and their updates", async () => {
    await post("/studies", { spec: tinySpec("followed"), studyId: "followed" }, as("ada"));
    port = await pagePort(follower);
    try {
      const { studies } = JSON.parse((await get("/studies")).text) as { studies: readonly { readonly id: string }[] };
      assert.ok(studies.some(({ id }) => id === "followed"));
      const missing = await get("/studies/none");
      assert.deepEqual([missing.status, errorOf(missing.text)["reason"]], [404, "STUDY_UNKNOWN"]);
      const events = eventsOf(await open(port, { path: "/api/v1/studies/followed/watch", headers: as("vera") }));
      assert.equal((await events.next()).value?.event, "update");
      await events.return(undefined);
    } finally {
      port = await pagePort(leader);
    }
  });

  it("has the built page with its policy, compressed", async () => {
    const page = await ask(port, { path: "/studies/shown/trials", headers: {} });
    assert.match(page.text, /<div id="app">/);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'; script-src 'self'/);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page.text)?.[1] ?? "";
    const file = await ask(port, { path: script, headers: { "Accept-Encoding": "br" } });
    assert.deepEqual([file.status, file.headers["content-encoding"]], [200, "br"]);
    assert.match(file.headers["cache-control"] ?? "", /immutable/);
  });

  it("ends its streams without a last event when the leader dies, and answers through the next one", async () => {
    port = await pagePort(follower);
    await post(
      "/studies",
      { spec: `${tinySpec("outlived")}resources: { flavour: nowhere }\n`, studyId: "outlived" },
      as("ada"),
    );
    assert.equal((await post("/studies/outlived/pause", {}, as("ada"))).status, 200);
    const events = eventsOf(await open(port, { path: "/api/v1/studies/outlived/watch", headers: as("vera") }));
    assert.equal((await events.next()).value?.event, "update");
    await leader.end("SIGKILL");
    const rest: string[] = [];
    for await (const { event } of events) rest.push(event);
    assert.ok(!rest.includes("end") && !rest.includes("fault"), rest.join());
    await follower.line("coordinator leads");
    for (let status = 503; status !== 200; { status } = await get("/studies/outlived")) assert.equal(status, 503);
  });
});

async function pagePort(coordinator: CoordinatorProcess): Promise<number> {
  return Number((await coordinator.line("page listens"))["port"]);
}
