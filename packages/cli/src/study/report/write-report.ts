import { writeFile } from "node:fs/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { readStudy } from "../read-study.js";
import { readAnswers } from "./read-answers.js";
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
  const { study, trials } = await readStudy(client, { studyId, withMeasurements: false });
  const content = { study, trials, readAnswers: () => readAnswers(client, study, trials) };
  await writeFile(file, await reportText(content, settings));
}
