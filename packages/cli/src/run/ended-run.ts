// A run whose study has ended. Its model files are written again if they are gone.

import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { ClientError } from "nice-grpc-common";
import type { Display } from "../display/display.js";
import { transferTask } from "../display/task.js";
import { isProgramTest, type ResultsDocument } from "../study/documents/results.js";
import { downloadArtifacts, EXPORTED_FILES, fileNameOf } from "../study/download.js";
import { isFileError } from "../system/files/file-failures.js";
import { shownPath } from "../system/files/folders.js";
import { InterruptedError } from "../system/interruption.js";
import { unusableFolder } from "./folder/files.js";
import type { StudyFolder } from "./folder/study-folder.js";

/** An ended study and the folder of its results. */
interface EndedRun {
  readonly results: ResultsDocument;
  readonly folder: StudyFolder;
  readonly display: Display;
}

/** Calls `use` with a client that can read the study's artifacts. */
type WithStudies = (use: (client: AdminServiceClient) => Promise<void>) => Promise<void>;

/**
 * Writes the model files of an ended study again that are gone. Opens the studies only if one is.
 * Prints what it did, or why it could not: the results are there either way.
 *
 * @throws {InterruptedError} after Ctrl-C
 */
export async function restoreModel({ results, folder, display }: EndedRun, withStudies: WithStudies): Promise<void> {
  const { test } = results;
  if (test === null || isProgramTest(test) || folder.modelFiles().length === EXPORTED_FILES.length) return;
  try {
    await withStudies(async (client) => {
      const { study } = await client.getStudy({ studyId: results.study.id });
      const names = study === undefined ? [] : await writeMissing(client, study, { folder, display });
      display.print(`Model       written again in ${shownPath(folder.model)}: ${names.join(", ")}`);
    });
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const reason = error instanceof ClientError ? error.details : (error as Error).message;
    display.print(`Model       files are gone from ${shownPath(folder.model)} and cannot be written again: ${reason}`);
  }
}

async function writeMissing(
  client: AdminServiceClient,
  study: Study,
  { folder, display }: Omit<EndedRun, "results">,
): Promise<string[]> {
  const present = folder.modelFiles();
  const artifacts = study.models.filter((artifact) => !present.includes(fileNameOf(artifact) ?? ""));
  return await downloadModels({ client, studyId: study.id, artifacts, folder, display });
}

/**
 * Downloads model files of a study into its folder.
 *
 * @throws {UserError} if a file cannot be written
 */
export async function downloadModels(request: {
  readonly client: AdminServiceClient;
  readonly studyId: string;
  readonly artifacts: Study["models"];
  readonly folder: StudyFolder;
  readonly display: Display;
}): Promise<string[]> {
  const { folder, display, ...rest } = request;
  if (rest.artifacts.length === 0) return [];
  try {
    return await downloadArtifacts({ ...rest, directory: folder.model, onProgress: transferTask(display, "Model") });
  } catch (error) {
    throw isFileError(error) ? unusableFolder(folder.model, error) : error;
  }
}
