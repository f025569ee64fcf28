import assert from "node:assert/strict";
import { it } from "node:test";
import { errorLineOf, runProgram } from "./program.js";

it("quotes the first error line of a program", () => {
  const text =
    "  CXX binding.o\nbinding.cc:3:10: fatal error: c_api.h: No such file\nmake: *** [x] Error 1\ngyp ERR! not ok\n";
  assert.equal(errorLineOf(text), "binding.cc:3:10: fatal error: c_api.h: No such file");
});

it("quotes npm's error from a build of Docker, without colours", () => {
  const npm = "\u001b[0m\u001b[91mnpm error code E404\nnpm error 404\n";
  const text = `\u001b[91mnpm notice\n${npm}\u001b[0mThe command failed\n\u001b[0m\n`;
  assert.equal(errorLineOf(text), "npm error code E404");
});

it("quotes the last line of a program that names no error", () => {
  assert.equal(errorLineOf("first\n\n last \n"), "last");
  assert.equal(errorLineOf(""), "it printed nothing");
});

it("returns output and error line of a program", () => {
  const good = runProgram(process.execPath, ["-e", "console.log(process.env.WORD)"], { env: { WORD: "said" } });
  assert.deepEqual([good.succeeded, good.output], [true, "said\n"]);
  const bad = runProgram(process.execPath, ["-e", "throw new Error('broken')"]);
  assert.deepEqual([bad.succeeded, bad.errorLine], [false, "Error: broken"]);
});

it("treats a missing program as failed", () => {
  const { succeeded, errorLine: words } = runProgram("no-such-program", []);
  assert.equal(succeeded, false);
  assert.match(words, /ENOENT/);
});
