// A run folder. written-files.ts names every file that a run writes, so that --overwrite deletes
// exactly these.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import { makeFolder } from "../../system/files/folders.js";
import { readJson, unusableFolder, writeJson } from "./files.js";
import { StudyFolder } from "./study-folder.js";
import { deleteWritten } from "./written-files.js";

const MARKER_FILE = "sintonia.json";
const STUDIES_FOLDER = "studies";
const REPRODUCTION_FILES = { document: "reproduce.json", table: "reproduce.md" } as const;
const LOCK_PATTERN = /^run\.lock/;

/**
 * Content of the marker file, which a run writes first and never changes. It identifies a folder as
 * a run folder.
 */
export interface Marker {
  readonly format: 1;
  /** Absent for a run of one study. */
  readonly kind?: "reproduction";
  /** Id of the run's study, or the prefix of the ids of a reproduction's studies. */
  readonly studyId: string;
}

interface FolderContents {
  readonly entries: readonly string[];
  readonly marker: Marker | undefined;
}

type FolderDecision = "create" | "continue" | "replace" | "refuse";

/**
 * Decides what a run does with a folder. A run uses only an empty folder or one that a run made.
 */
export function decideFolder({ entries, marker }: FolderContents, overwrite: boolean): FolderDecision {
  if (marker !== undefined) return overwrite ? "replace" : "continue";
  return entries.some((entry) => !LOCK_PATTERN.test(entry)) ? "refuse" : "create";
}

/** The folder in which a run keeps its cluster's files and its results. */
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
  /** Folder of the content-addressed files that the coordinator stores. */
  get artifacts(): string {
    return join(this.state, "artifacts");
  }
  /** Folder of the output of trials that the coordinator stores. */
  get outputs(): string {
    return join(this.state, "output");
  }
  /**
   * Folder with copies of the studies' logs. It exists while no coordinator works on the store, and
   * it then has every record.
   */
  get archive(): string {
    return join(this.path, "archive");
  }
  get logs(): string {
    return join(this.path, "logs");
  }
  /** Folder of the credentials of a run that works. */
  get secrets(): string {
    return join(this.path, "secrets");
  }
  get processes(): string {
    return join(this.path, "processes.json");
  }
  get cluster(): string {
    return join(this.path, "cluster.json");
  }

  /**
   * Makes the folder if it is missing, and checks that this run may use it and can write there.
   *
   * @throws {UserError} if no run made the folder and it is not empty, or if it is read-only or
   * full
   */
  claim(overwrite: boolean): void {
    try {
      makeFolder(this.path);
      if (decideFolder(this.#contents(), overwrite) === "refuse") throw foreignFolder(this.path);
      const probe = join(this.path, `run.lock.probe.${process.pid}`);
      writeFileSync(probe, "x");
      rmSync(probe);
    } catch (error) {
      throw error instanceof UserError ? error : unusableFolder(this.path, error);
    }
  }

  /**
   * Prepares the folder for a run. The caller has claimed and locked the folder.
   *
   * @param marker - written only if the folder is new or overwritten
   * @returns the folder's marker and whether this run continues an earlier one
   * @throws {UserError} if no run made the folder, if a run of another kind made it, or if it is
   * read-only or full
   */
  prepare(marker: Marker, overwrite: boolean): { readonly marker: Marker; readonly continued: boolean } {
    const contents = this.#contents();
    const decision = decideFolder(contents, overwrite);
    if (decision === "refuse") throw foreignFolder(this.path);
    if (decision === "continue" && contents.marker?.kind !== marker.kind) throw otherKind(this.path);
    try {
      if (decision === "replace") deleteWritten(this.path);
      if (decision !== "continue") this.write(MARKER_FILE, marker);
      for (const folder of [this.natsStore, this.state, this.logs]) makeFolder(folder);
    } catch (error) {
      throw error instanceof UserError ? error : unusableFolder(this.path, error);
    }
    const continued = decision === "continue";
    return { marker: continued && contents.marker !== undefined ? contents.marker : marker, continued };
  }

  /** Reads the marker. Returns undefined if no run made the folder. */
  readMarker(): Marker | undefined {
    return readJson<Marker>(join(this.path, MARKER_FILE));
  }

  /** The folder of the run's study. */
  get study(): StudyFolder {
    return new StudyFolder(this.path);
  }

  /** Returns the folder of one study of a reproduction. */
  studyOf(name: string): StudyFolder {
    return new StudyFolder(join(this.path, STUDIES_FOLDER, name));
  }

  /** Paths of a reproduction's results. */
  get reproduction(): { readonly document: string; readonly table: string } {
    const { document, table } = REPRODUCTION_FILES;
    return { document: join(this.path, document), table: join(this.path, table) };
  }

  /**
   * Replaces a JSON file of the folder in one step.
   *
   * @throws {UserError} if the file cannot be written
   */
  write(name: string, content: unknown): void {
    writeJson(join(this.path, name), content);
  }

  #contents(): FolderContents {
    return { entries: readdirSync(this.path), marker: this.readMarker() };
  }
}

function foreignFolder(path: string): UserError {
  return new UserError(
    `${path}: the folder is not empty and no run made it; nothing was written or deleted there; choose another --dir`,
  );
}

function otherKind(path: string): UserError {
  return new UserError(
    `${path}: "sintonia run" cannot continue a folder of "sintonia reproduce", nor the other way round; ` +
      "choose another --dir, or start over there with --overwrite",
  );
}
