import { writeFile } from "node:fs/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { readReport } from "./read-report.js";
import { type ReportSettings, reportText } from "./report-text.js";

/**
 * Reads a study and writes its report into a file.
 *
 * @throws {ClientError} if the study cannot be read
 * @throws if the file cannot be written
 */
export async function writeReport(
  client: AdminServiceClient,
  studyId: string,
  { file, ...settings }: ReportSettings & { readonly file: string },
): Promise<void> {
  const content = await readReport(client, studyId);
  await writeFile(file, reportText(content, settings));
}
