// The files that a run writes, by their names. Whatever else is in the folder belongs to the user.

import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MODEL_FILES } from "../../study/download.js";

const STUDY = [
  "spec\\.json",
  "results\\.json",
  "report\\.html",
  ...MODEL_FILES.map((name) => `model/${name.replace(".", "\\.")}`),
];
/** Copies of study logs; the folder has another name until it is complete. */
const COPIES = "archive(\\.new)?/[a-z0-9-]+\\.jsonl";
const STORES = [
  "nats/jetstream/.+",
  "state/(artifacts|checkpoints|files)/[0-9a-f]{2}/[0-9a-f]{64}",
  "state/(artifacts|checkpoints|files)/unfinished/[0-9a-f-]+(\\.[0-9a-f-]+)?",
  "state/files/partial/[0-9a-f]{64}",
  "state/output/[a-z0-9-]+/[0-9]+/[0-9]+-[0-9]+",
  "state/logs/[a-z0-9-]+\\.jsonl(\\.[0-9a-f]+(\\.aside)?)?",
  "state/installation(\\.[0-9a-f-]+)?",
  "state/checkpoints/owners/[0-9a-f]{64}\\.txt",
  "state/audit/audit(\\.\\d)?\\.jsonl",
];
const CLUSTER = ["sintonia\\.json", "cluster\\.json", "processes\\.json", "nats\\.conf"];
const SECRETS = "secrets/(tokens|(operator|trainer-\\d+)\\.token|nats-(coordinator|trainer)\\.seed)";
const LOGS = "logs/(nats-server|coordinator|trainer-\\d+)\\.log";
const REPRODUCTION = ["reproduce\\.json", "reproduce\\.md", ...STUDY.map((name) => `studies/[^/]+/${name}`)];

/** Paths within a run folder. A file is a draft while its name ends with ".new" or ".part". */
const WRITTEN = pattern([...STUDY, COPIES, ...STORES, ...CLUSTER, SECRETS, LOGS, ...REPRODUCTION]);
const COPIES_ONLY = pattern([COPIES]);

function pattern(paths: readonly string[]): RegExp {
  return new RegExp(`^(${paths.join("|")})(\\.new|\\.part)?$`);
}

/** Deletes what a run wrote into a folder, and the folders that are then empty. */
export function deleteWritten(folder: string): void {
  deleteMatching(folder, "", WRITTEN);
}

/** Deletes the copies of study logs that a run wrote into its folder. */
export function deleteCopies(folder: string): void {
  for (const name of ["archive", "archive.new"]) deleteMatching(folder, `${name}/`, COPIES_ONLY);
}

/** @param prefix - path within the folder, empty or with a slash at its end */
function deleteMatching(folder: string, prefix: string, written: RegExp): void {
  for (const entry of entriesOf(join(folder, prefix))) {
    const path = `${prefix}${entry.name}`;
    if (!entry.isDirectory()) {
      if (written.test(path)) rmSync(join(folder, path));
    } else if (mayContain(path)) {
      deleteMatching(folder, `${path}/`, written);
    }
  }
  if (prefix !== "") deleteIfEmpty(join(folder, prefix));
}

/** Tells whether a run makes a folder of this name, so that no other folder is searched. */
function mayContain(path: string): boolean {
  return /^(model|archive(\.new)?|nats|secrets|state|logs|studies)(\/|$)/.test(path);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function deleteIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOENT") throw error;
  }
}
