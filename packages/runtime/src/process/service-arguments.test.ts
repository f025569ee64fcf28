import assert from "node:assert/strict";
import { test } from "node:test";
import { integerBetween, text } from "../config.js";
import { UserError } from "../errors.js";
import { requestedText } from "./service-arguments.js";

const DESCRIPTION = {
  program: "coordinator",
  purpose: "Owns the truth about every study.",
  variables: {
    port: { ...integerBetween(0, 65_535), name: "SINTONIA_GRPC_PORT", default: "7230", doc: "Port of the server." },
    dataDir: { ...text("a folder"), name: "SINTONIA_DATA_DIR", optional: true, doc: "Folder with data." },
  },
  packageUrl: new URL("../../package.json", import.meta.url),
} as const;

test("a service without arguments, or with --verbose, starts", () => {
  assert.equal(requestedText([], DESCRIPTION), undefined);
  assert.equal(requestedText(["--verbose"], DESCRIPTION), undefined);
});

test("a service prints its help and its version instead of starting", () => {
  for (const args of [["--help"], ["-h"], ["--verbose", "--help", "--version"]]) {
    const help = requestedText(args, DESCRIPTION) ?? "";
    assert.match(help, /^Usage: coordinator \[options\]\n\nOwns the truth about every study\.\n/);
    assert.match(help, /SINTONIA_GRPC_PORT\n +Port of the server \(an integer from 0 to 65535; default: 7230\)/);
    assert.match(help, /SINTONIA_DATA_DIR\n +Folder with data \(a folder; default: unset\)/);
  }
  for (const args of [["--version"], ["-V"]]) assert.match(requestedText(args, DESCRIPTION) ?? "", /^\d+\.\d+\.\d+$/);
});

test("a service refuses an argument that it does not know, and says what it takes", () => {
  for (const argument of ["--hlep", "help", "--port=1"]) {
    const refused = new RegExp(`unknown argument "${argument}"; coordinator takes -h, --help, -V, --version`);
    assert.throws(
      () => requestedText([argument, "--help"], DESCRIPTION),
      (error) => error instanceof UserError && refused.test(error.message),
    );
  }
});
