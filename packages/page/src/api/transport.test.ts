import assert from "node:assert/strict";
import { test } from "node:test";
import { success } from "./answer.js";
import { allPages } from "./client.js";
import { documentTransport } from "./document-transport.js";
import { httpTransport } from "./http-transport.js";
import { tokenOf } from "./session.js";

function respond(status: number, body: string, type = "application/json") {
  return async () => new Response(body, { status, headers: { "content-type": type } });
}

test("a refusal has the coordinator's own words", async () => {
  const body = {
    error: { code: "FAILED_PRECONDITION", message: "the study has ended", reason: "ENDED", facts: { a: "b" } },
  };
  const answer = await httpTransport(respond(400, JSON.stringify(body))).post("/studies/a/pause", {});
  assert.deepEqual(answer, { ok: false, fault: body.error });
});

test("a proxy's error page and a server that is away are faults", async () => {
  const proxied = await httpTransport(respond(502, "<html>", "text/html")).get("/studies");
  const away = await httpTransport(() => Promise.reject(new TypeError("failed to fetch"))).get("/studies");
  assert.deepEqual(
    [proxied, away].map((answer) => !answer.ok && answer.fault.code),
    ["UNAVAILABLE", "UNREACHABLE"],
  );
});

test("an answer that is no JSON although it says so is a fault", async () => {
  const answer = await httpTransport(respond(200, "{")).get("/studies");
  assert.equal(answer.ok, false);
});

test("a report answers whatever page or trial a request names, and tells parameters apart", async () => {
  const answers = { "/api/v1/studies/a/curves": 1, "/api/v1/studies/a/surrogate?parameter=lr": 2 };
  const { get } = documentTransport({ answers });
  assert.deepEqual(await get("/studies/a/curves", { maxPoints: 50, trialId: "3", withEpochs: false }), success(1));
  assert.deepEqual(await get("/studies/a/surrogate", { steps: 2, parameter: "lr", trialId: "" }), success(2));
  assert.equal((await get("/studies/a/surrogate", { parameter: "units" })).ok, false);
  assert.equal((await get("/studies/a/curves", { metric: "loss" })).ok, false);
});

test("all pages are read in their order", async () => {
  const pages: Record<string, { items: number[]; nextPageToken: string }> = {
    "": { items: [1], nextPageToken: "b" },
    b: { items: [2], nextPageToken: "" },
  };
  const answer = await allPages(
    async (token) => success(pages[token] ?? { items: [], nextPageToken: "" }),
    ({ items }) => items,
  );
  assert.deepEqual(answer, success([1, 2]));
});

test("a token stands in the fragment of an address", () => {
  assert.deepEqual([tokenOf("#token=a+/b="), tokenOf("#main"), tokenOf("")], ["a+/b=", undefined, undefined]);
});
