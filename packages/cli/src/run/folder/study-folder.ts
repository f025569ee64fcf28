import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ResultsDocument } from "../../study/documents/results.js";
import { EXPORTED_FILES } from "../../study/download.js";
import { makeFolder } from "../../system/files/folders.js";
import { readJson, unusableFolder, writeJson } from "./files.js";

/** Names of every file and folder that a study writes. */
const STUDY_FILES = { spec: "spec.json", results: "results.json", report: "report.html", model: "model" } as const;

/** The folder into which a study writes its spec, its results and its best model. */
export class StudyFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get results(): string {
    return join(this.path, STUDY_FILES.results);
  }
  get report(): string {
    return join(this.path, STUDY_FILES.report);
  }
  get model(): string {
    return join(this.path, STUDY_FILES.model);
  }

  /** Makes the folder if it is missing. @throws {UserError} if this fails */
  make(): void {
    try {
      makeFolder(this.path);
    } catch (error) {
      throw unusableFolder(this.path, error);
    }
  }

  /**
   * Reads the spec with which the coordinator accepted the study. Returns undefined before that.
   */
  readSpec(): unknown {
    return readJson(join(this.path, STUDY_FILES.spec));
  }

  writeSpec(spec: unknown): void {
    writeJson(join(this.path, STUDY_FILES.spec), spec);
  }

  /** Returns the names of the exported model files that are there. */
  modelFiles(): readonly string[] {
    return EXPORTED_FILES.filter((name) => existsSync(join(this.model, name)));
  }

  /** Returns the names of the files beside the model: its own, and those that a program left. */
  filesOfModel(): readonly string[] {
    return existsSync(this.model) ? readdirSync(this.model).sort() : [];
  }

  /** Reads the results of the study. Returns undefined until the study has ended. */
  readResults(): ResultsDocument | undefined {
    return readJson<ResultsDocument>(this.results);
  }

  /** Deletes the results of a study that goes on. */
  forgetResults(): void {
    for (const path of [this.results, this.report]) rmSync(path, { force: true });
  }

  writeResults(results: ResultsDocument): void {
    writeJson(this.results, results);
  }
}
