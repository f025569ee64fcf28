// A run folder and what may be done with it. Everything that a run makes has a fixed name here, so that --overwrite can
// delete exactly that.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import { makeFolder } from "../../system/folders.js";
import { readJson, unusable, writeJson } from "./files.js";
import { STUDY_FILES, StudyFolder } from "./study-folder.js";

const MARKER_FILE = "sintonia.json";
const STUDIES_FOLDER = "studies";
const REPRODUCTION_FILES = { document: "reproduce.json", table: "reproduce.md" } as const;
const LOCK_PATTERN = /^run\.lock/;
const MADE_BY_RUN = [
  ...Object.values(STUDY_FILES),
  ...Object.values(REPRODUCTION_FILES),
  STUDIES_FOLDER,
  "cluster.json",
  "processes.json",
  "nats.conf",
  "nats",
  "state",
  "logs",
] as const;

/** Written first and never changed: says that the folder is ours, and what for. */
export interface Marker {
  readonly format: 1;
  /** Absent for a run of one study. */
  readonly kind?: "reproduction";
  /** Id of the run's study; what the ids of a reproduction's studies begin with. */
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
   * @throws {UserError} for a folder that is not ours or holds something else, read-only or full
   */
  prepare(marker: Marker, overwrite: boolean): { readonly marker: Marker; readonly continued: boolean } {
    const findings = this.#look();
    const decision = decideFolder(findings, overwrite);
    if (decision === "refuse") throw notOurs(this.path);
    if (decision === "continue" && findings.marker?.kind !== marker.kind) throw otherKind(this.path);
    try {
      if (decision === "replace") this.#clear();
      if (decision !== "continue") this.write(MARKER_FILE, marker);
      for (const folder of [this.natsStore, this.state, this.logs]) makeFolder(folder);
    } catch (error) {
      throw error instanceof UserError ? error : unusable(this.path, error);
    }
    const continued = decision === "continue";
    return { marker: continued && findings.marker !== undefined ? findings.marker : marker, continued };
  }

  /** What the folder was made for; undefined if no run made it. */
  readMarker(): Marker | undefined {
    return readJson<Marker>(join(this.path, MARKER_FILE));
  }

  /** Where the study of a run leaves its results. */
  get study(): StudyFolder {
    return new StudyFolder(this.path);
  }

  /** Where one of the studies of a reproduction leaves its results. */
  studyOf(name: string): StudyFolder {
    return new StudyFolder(join(this.path, STUDIES_FOLDER, name));
  }

  /** Where a reproduction writes what it found. */
  get reproduction(): { readonly document: string; readonly table: string } {
    const { document, table } = REPRODUCTION_FILES;
    return { document: join(this.path, document), table: join(this.path, table) };
  }

  /** Replaces a JSON file of the folder in one step. @throws {UserError} if it cannot be written */
  write(name: string, content: unknown): void {
    writeJson(join(this.path, name), content);
  }

  #look(): FolderFindings {
    return { entries: readdirSync(this.path), marker: this.readMarker() };
  }

  #clear(): void {
    for (const name of [...MADE_BY_RUN, MARKER_FILE]) rmSync(join(this.path, name), { recursive: true, force: true });
  }
}

function notOurs(path: string): UserError {
  return new UserError(
    `${path}: is not empty and no run made it, so nothing is written or deleted there; take another --dir`,
  );
}

function otherKind(path: string): UserError {
  return new UserError(
    `${path}: one of "sintonia run" and "sintonia reproduce" made it and cannot go on with what the other did there; take another --dir, or --overwrite to begin anew there`,
  );
}
