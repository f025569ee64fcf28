// Finds the compiled tests and runs them with Node's test runner. Node 20 accepts no glob patterns.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isTestKind, TEST_KINDS, testFiles } from "./test-files.js";

/**
 * Test files that run in parallel. More would compete with the processes of the integration tests.
 */
const CONCURRENCY = 2;
/** Upper limit of one file in ms. The longest end-to-end file takes about a minute on two cores. */
const TIMEOUT_MS = 900_000;

const HELP = `Usage: node scripts/dist/run-tests.js [KIND ...]

Runs the compiled tests of the given kinds, or of all kinds: ${TEST_KINDS.join(", ")}.
Needs a build (npm run build). ./scripts/test builds, checks style and types, and runs the tests.
`;

const root = fileURLToPath(new URL("../../", import.meta.url));
process.exitCode = main(process.argv.slice(2));

function main(words: readonly string[]): number {
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = words.find((word) => !isTestKind(word));
  if (unknown !== undefined) {
    process.stderr.write(`error: unknown kind of tests: ${unknown}; the kinds are ${TEST_KINDS.join(", ")}\n`);
    return 2;
  }
  const kinds = words.length === 0 ? TEST_KINDS : words.filter(isTestKind);
  return runNode(kinds.flatMap((kind) => testFiles(root, kind)));
}

function runNode(files: readonly string[]): number {
  if (files.length === 0) {
    process.stderr.write("error: no compiled tests found; run npm run build\n");
    return 1;
  }
  const options = [
    "--enable-source-maps",
    "--test",
    `--test-concurrency=${CONCURRENCY}`,
    `--test-timeout=${TIMEOUT_MS}`,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
  ];
  // ONNX Runtime's telemetry would write files in tests that load ONNX Runtime themselves.
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: "1" };
  const { status } = spawnSync(process.execPath, [...options, ...files], { cwd: root, env, stdio: "inherit" });
  return status ?? 1;
}
