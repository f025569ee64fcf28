// The simulation finds each deliberate bug within its stated number of seeds.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./catalog.js";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));

describe("the simulation", () => {
  for (const { name, bug, seeds } of MUTANTS) {
    it(`finds within ${seeds} seeds that ${bug} (${name})`, async () => {
      const { code, output } = await simulate("--mutant", name, "--seeds", `1..${seeds}`);
      assert.equal(code, 1, output);
      assert.match(output, /^seed \d+ at \d+ ms: /);
    });
  }

  it("has at least 25 mutants of different names", () => {
    const names = new Set(MUTANTS.map(({ name }) => name));
    assert.ok(names.size >= 25);
    assert.equal(names.size, MUTANTS.length);
  });

  it("ends with code 2 for arguments that are not valid", async () => {
    for (const words of [["--seeds", "9..1"], ["--seed", "x"], ["--mutant", "none"], ["--unknown"]]) {
      const { code, output } = await simulate(...words);
      assert.equal(code, 2, output);
      assert.match(output, /^error: .*--help\n$/);
    }
  });
});

async function simulate(...words: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  return { code: Number(code), output: (await output).join("") };
}
