import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import { createLogger } from "./logger.js";
import { Secret } from "./secret.js";

it("a secret is hidden wherever it is printed", () => {
  const secret = new Secret("hunter2");
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  createLogger({ service: "s", instance: "i", level: "info", destination }).info({ login: { secret } }, "started");
  const printed = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true }),
    String(new Error(`login ${secret}`)),
    ...lines,
  ];
  for (const text of printed) {
    assert.ok(!text.includes("hunter2"), text);
    assert.match(text, /\(hidden\)/);
  }
  assert.equal(secret.reveal(), "hunter2");
});
