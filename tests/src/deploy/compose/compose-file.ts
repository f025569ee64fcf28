// deploy/compose.yaml, as text and as Docker Compose reads it.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMPOSE_READER, goPrograms } from "@sintonia/scripts/go/programs";
import { parse } from "yaml";
import { ROOT } from "../repository.js";

const FOLDER = join(ROOT, "deploy");
export const COMPOSE_FILE = join(FOLDER, "compose.yaml");

/** The fields of a service that the tests read. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: readonly string[];
  readonly stop_grace_period?: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
}

/** Reads deploy/compose.yaml without Docker Compose's own rules. */
export function composeFile(): ComposeFile {
  return parse(readFileSync(COMPOSE_FILE, "utf8"), { merge: true }) as ComposeFile;
}

/** Returns why Docker Compose's reader is missing; false if it is there. */
export function missingReader(): string | false {
  const isMissing = goPrograms(COMPOSE_READER) === undefined;
  return isMissing ? "./scripts/test builds the reader of Docker Compose where it finds Go; it has not" : false;
}

/** Reads a file as Docker Compose does. @throws with its message if it refuses the file */
export function readAsCompose(file: string): unknown {
  const program = join(goPrograms(COMPOSE_READER) ?? "", "cmd");
  const { status, stdout, stderr } = spawnSync(program, ["--format", "json", file], { cwd: FOLDER, encoding: "utf8" });
  // A warning is a mistake here: it says that a variable is not set or a field is obsolete.
  if (status !== 0 || stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}
