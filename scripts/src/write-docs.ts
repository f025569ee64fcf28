// Writes the parts of the documents that follow from the code. With --check: fails if one is stale.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VARIABLES as COORDINATOR_VARIABLES } from "@sintonia/coordinator/config";
import { VARIABLES as TRAINER_VARIABLES } from "@sintonia/trainer/config";
import { studySpecJsonSchema } from "@sintonia/tuning/spec/json-schema/study-spec";
import { replaceBlock } from "./docs/block.js";
import { chartValues } from "./docs/chart-values.js";
import { prometheusRule } from "./docs/prometheus-rule.js";
import { specSections } from "./docs/spec-page.js";
import { variablesTable } from "./docs/variables-table.js";

const HELP = `Usage: node scripts/dist/write-docs.js [--check]

Writes the JSON Schema of the study spec, the keys in docs/spec.md, the variables in docs/operations.md, the alert rules
for the Prometheus operator, and in deploy/chart the table of values and the files that it shares with deploy/k8s.
--check writes nothing and fails if a file is stale.
`;

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

/** The folder of the alert rules, relative to the documents. */
const MONITORING = "../deploy/k8s/components/monitoring";

/** The Helm chart, relative to the documents. */
const CHART = "../deploy/chart";

/** Computes the new text of each file from its present text. */
const FILES: Readonly<Record<string, (text: string) => string>> = {
  "study-spec.schema.json": () => `${JSON.stringify(studySpecJsonSchema(), null, 1)}\n`,
  "spec.md": (text) => replaceBlock(text, "keys", specSections()),
  "operations.md": (text) =>
    replaceBlock(
      replaceBlock(text, "coordinator variables", variablesTable(COORDINATOR_VARIABLES)),
      "trainer variables",
      variablesTable(TRAINER_VARIABLES),
    ),
  [`${MONITORING}/operator/prometheus-rule.yaml`]: () => prometheusRule(read(`${MONITORING}/alerts.yaml`)),
  [`${CHART}/README.md`]: (text) => replaceBlock(text, "values", chartValues(read(`${CHART}/values.yaml`))),
  // A chart reads no files outside its folder.
  [`${CHART}/files/nats.conf`]: () => read("../deploy/k8s/base/nats.conf"),
  [`${CHART}/files/nats-users.conf`]: () => read("../deploy/k8s/base/nats-users.conf"),
  [`${CHART}/files/alerts.yaml`]: () => read(`${MONITORING}/alerts.yaml`),
  [`${CHART}/files/dashboard.json`]: () => read(`${MONITORING}/dashboard.json`),
};

process.exitCode = main(process.argv.slice(2));

function main(words: readonly string[]): number {
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const stale = Object.keys(FILES).filter(isStale);
  if (!words.includes("--check")) {
    for (const file of stale) writeFileSync(join(docs, file), freshText(file));
    return 0;
  }
  if (stale.length === 0) return 0;
  process.stderr.write(`error: documents are stale (npm run docs makes them fresh): ${stale.join(", ")}\n`);
  return 1;
}

function isStale(file: string): boolean {
  return read(file) !== freshText(file);
}

function freshText(file: string): string {
  return FILES[file]?.(read(file)) ?? "";
}

/** Returns an empty text for a file that does not exist yet. */
function read(file: string): string {
  try {
    return readFileSync(join(docs, file), "utf8");
  } catch {
    return "";
  }
}
