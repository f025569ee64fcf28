// A run folder and what may be done with it. Everything that a run makes has a fixed name here, so that --overwrite can
// delete exactly that.

import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import type { ResultsDocument } from "../study/results.js";
import { makeFolder } from "../system/make-folder.js";

const MARKER_FILE = "sintonia.json";
const SPEC_FILE = "spec.json";
const RESULTS_FILE = "results.json";
const LOCK_PATTERN = /^run\.lock/;
const MADE_BY_RUN = [
  SPEC_FILE,
  RESULTS_FILE,
  "cluster.json",
  "processes.json",
  "nats.conf",
  "nats",
  "state",
  "logs",
  "model",
] as const;

/** Written first and never changed: says that the folder is ours, and under which id its study runs. */
export interface Marker {
  readonly format: 1;
  readonly studyId: string;
}

/** What a folder was found to be, before anything is done to it. */
export interface FolderFindings {
  readonly entries: readonly string[];
  readonly marker: Marker | undefined;
}

export type FolderDecision = "create" | "continue" | "replace" | "refuse";

/** Whether a run may use a folder: an empty one, or one that a run made. */
export function decideFolder({ entries, marker }: FolderFindings, overwrite: boolean): FolderDecision {
  if (marker !== undefined) return overwrite ? "replace" : "continue";
  return entries.some((entry) => !LOCK_PATTERN.test(entry)) ? "refuse" : "create";
}

/** A run folder that is ours to write in. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get natsConfig(): string {
    return join(this.path, "nats.conf");
  }
  get natsStore(): string {
    return join(this.path, "nats");
  }
  get state(): string {
    return join(this.path, "state");
  }
  get logs(): string {
    return join(this.path, "logs");
  }
  get model(): string {
    return join(this.path, "model");
  }
  get results(): string {
    return join(this.path, RESULTS_FILE);
  }
  get processes(): string {
    return join(this.path, "processes.json");
  }
  get cluster(): string {
    return join(this.path, "cluster.json");
  }

  /**
   * Makes the folder if it is not there and tries that it can be written, before anything in it is looked at closely.
   *
   * @throws {UserError} for a folder that is not ours, read-only or full
   */
  claim(overwrite: boolean): void {
    try {
      makeFolder(this.path);
      if (decideFolder(this.#look(), overwrite) === "refuse") throw notOurs(this.path);
      const probe = join(this.path, `run.lock.probe.${process.pid}`);
      writeFileSync(probe, "x");
      rmSync(probe);
    } catch (error) {
      throw error instanceof UserError ? error : unusable(this.path, error);
    }
  }

  /**
   * Makes the folder ready for a run, once it is claimed and locked.
   *
   * @param marker - used only if the folder is new or replaced
   * @returns the marker in force and whether an earlier run is continued
   * @throws {UserError} for a folder that is not ours, read-only or full
   */
  prepare(marker: Marker, overwrite: boolean): { readonly marker: Marker; readonly continued: boolean } {
    const findings = this.#look();
    const decision = decideFolder(findings, overwrite);
    if (decision === "refuse") throw notOurs(this.path);
    try {
      if (decision === "replace") this.#clear();
      if (decision !== "continue") this.write(MARKER_FILE, marker);
      for (const folder of [this.natsStore, this.state, this.logs]) makeFolder(folder);
    } catch (error) {
      throw unusable(this.path, error);
    }
    const continued = decision === "continue";
    return { marker: continued && findings.marker !== undefined ? findings.marker : marker, continued };
  }

  /** The spec that the folder's study was accepted with, or undefined before that. */
  readSpec(): unknown {
    return readJson(join(this.path, SPEC_FILE));
  }

  writeSpec(spec: unknown): void {
    this.write(SPEC_FILE, spec);
  }

  /** The results of the study that ended here, or undefined before that. */
  readResults(): ResultsDocument | undefined {
    return readJson<ResultsDocument>(this.results);
  }

  writeResults(results: ResultsDocument): void {
    this.write(RESULTS_FILE, results);
  }

  /** Replaces a file of the folder in one step. @throws {UserError} if it cannot be written */
  write(name: string, content: unknown): void {
    const path = join(this.path, name);
    try {
      writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
      renameSync(`${path}.new`, path);
    } catch (error) {
      throw unusable(this.path, error);
    }
  }

  #look(): FolderFindings {
    return { entries: readdirSync(this.path), marker: readJson<Marker>(join(this.path, MARKER_FILE)) };
  }

  #clear(): void {
    for (const name of [...MADE_BY_RUN, MARKER_FILE]) rmSync(join(this.path, name), { recursive: true, force: true });
  }
}

/** Why a folder cannot be written, in words. */
export function unusable(path: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "you have no permission to write there",
    EPERM: "you have no permission to write there",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left on the device",
    EDQUOT: "the disk quota is exceeded",
    // What a system says of a new folder where none can be made, as in /proc.
    ENOENT: "it cannot be made there",
    ENOTDIR: "a part of the path is a file",
    EEXIST: "it is a file",
  };
  const reason = reasons[code ?? ""] ?? message;
  return new UserError(`${path}: cannot be used as a run folder: ${reason}`, { cause: error });
}

function notOurs(path: string): UserError {
  return new UserError(
    `${path}: is not empty and no run made it, so nothing is written or deleted there; take another --dir`,
  );
}

/** The content of a JSON file, or undefined if it is not there or was not finished. */
function readJson<T>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}
