import assert from "node:assert/strict";
import { test } from "node:test";
import { requireOwnSite } from "./site-guard.js";

const NAMES = ["tuning.example"];

function reasonOf(method: string, headers: Record<string, string>): string {
  try {
    requireOwnSite({ method, headers }, NAMES);
    return "";
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

test("knows addresses, localhost and the names of the page, with any port", () => {
  for (const host of [
    "127.0.0.1:80",
    "[::1]:7280",
    "10.1.2.3",
    "localhost:7280",
    "Tuning.Example",
    "tuning.example:443",
  ])
    assert.equal(reasonOf("GET", { host }), "", host);
});

test("refuses every other host, to readers too", () => {
  const hosts = [
    "evil.example",
    "localhost.evil.example",
    "tuning.example.evil.example",
    "127.0.0.1.nip.io",
    "",
    "a b",
  ];
  for (const host of hosts) assert.equal(reasonOf("GET", { host }), "HOST_UNKNOWN", host);
});

test("refuses changes that a page of another site sends", () => {
  const host = "127.0.0.1:7280";
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:8000" },
    { origin: "http://evil.example/127.0.0.1:7280" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", origin: `http://${host}` },
  ]) {
    assert.equal(reasonOf("POST", { host, ...headers }), "CROSS_SITE", JSON.stringify(headers));
    assert.equal(reasonOf("GET", { host, ...headers }), "");
  }
});

test("lets its own page and programs change, also behind a proxy that calls it otherwise", () => {
  const host = "127.0.0.1:7280";
  assert.equal(reasonOf("POST", { host }), "");
  assert.equal(reasonOf("DELETE", { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" }), "");
  assert.equal(reasonOf("POST", { host, origin: "https://tuning.example", "sec-fetch-site": "same-origin" }), "");
});
