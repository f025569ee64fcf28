// Finds the compiled tests and hands them to Node's runner: Node 20 takes no patterns.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isTestKind, TEST_KINDS, testFiles } from "./test-files.js";

/** Test files at once. More would fight for the cores with the processes that the integration tests start. */
const CONCURRENCY = 2;
/** Of one file; the longest end-to-end test takes about a minute on two idle cores. */
const TIMEOUT_MS = 900_000;

const HELP = `Usage: node scripts/dist/run-tests.js [KIND ...]

Runs compiled tests: all of them, or the kinds named: ${TEST_KINDS.join(", ")}.
Build first (npm run build). ./scripts/test does both, and checks style and types as well.
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
    process.stderr.write(`error: no kind of tests is called ${unknown}; there are ${TEST_KINDS.join(", ")}\n`);
    return 2;
  }
  const kinds = words.length === 0 ? TEST_KINDS : words.filter(isTestKind);
  return runNode(kinds.flatMap((kind) => testFiles(root, kind)));
}

function runNode(files: readonly string[]): number {
  if (files.length === 0) {
    process.stderr.write("error: no compiled tests found; build first: npm run build\n");
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
  // Tests that load ONNX Runtime themselves are not to leave its files behind either.
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: "1" };
  const { status } = spawnSync(process.execPath, [...options, ...files], { cwd: root, env, stdio: "inherit" });
  return status ?? 1;
}
