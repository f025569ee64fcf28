import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { downloadArtifacts } from "../study/download.js";
import { unusable } from "./folder/files.js";
import type { StudyFolder } from "./folder/study-folder.js";

/** Writes the best model of a study that has ended into its folder, in every format that the coordinator has. */
export async function fetchModels(request: {
  readonly client: AdminServiceClient;
  readonly study: Study;
  readonly folder: StudyFolder;
}): Promise<string[]> {
  const { client, study, folder } = request;
  if (study.models.length === 0) return [];
  try {
    return await downloadArtifacts({ client, studyId: study.id, artifacts: study.models, directory: folder.model });
  } catch (error) {
    throw isFileError(error) ? unusable(folder.model, error) : error;
  }
}

function isFileError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === "string";
}
