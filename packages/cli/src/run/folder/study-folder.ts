import { join } from "node:path";
import type { ResultsDocument } from "../../study/documents/results.js";
import { makeFolder } from "../../system/folders.js";
import { readJson, unusable, writeJson } from "./files.js";

/** Names of everything that a study leaves. */
export const STUDY_FILES = { spec: "spec.json", results: "results.json", model: "model" } as const;

/** Where a study leaves its spec, its results and its best model. */
export class StudyFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get results(): string {
    return join(this.path, STUDY_FILES.results);
  }
  get model(): string {
    return join(this.path, STUDY_FILES.model);
  }

  /** Makes the folder if it is not there. @throws {UserError} if it cannot be made */
  make(): void {
    try {
      makeFolder(this.path);
    } catch (error) {
      throw unusable(this.path, error);
    }
  }

  /** The spec that the folder's study was accepted with, or undefined before that. */
  readSpec(): unknown {
    return readJson(join(this.path, STUDY_FILES.spec));
  }

  writeSpec(spec: unknown): void {
    writeJson(join(this.path, STUDY_FILES.spec), spec);
  }

  /** The results of the study that ended here, or undefined before that. */
  readResults(): ResultsDocument | undefined {
    return readJson<ResultsDocument>(this.results);
  }

  writeResults(results: ResultsDocument): void {
    writeJson(this.results, results);
  }
}
