// How often the test split of an extended study has been read.

import { isProgramTest, type ResultsDocument, type TestReading } from "../../../study/documents/results.js";
import { programFigures, testFigures } from "./measured-figures.js";

/** Returns sentences about the readings; none for a study whose test split was read once. */
export function testReadingLines({ study, best, test, testReadings }: ResultsDocument): readonly string[] {
  const present = test === null ? -1 : testReadings.findIndex(({ trial }) => trial === best?.id);
  const others = testReadings.filter((_, place) => place !== present);
  if (others.length === 0) return [];
  const count = testReadings.length;
  const times = `The test split has been read ${count} ${count === 1 ? "time" : "times"}`;
  const isFrontRead = (study.spec as { readonly testFront?: boolean } | null)?.testFront === true;
  const reason = isFrontRead ? FRONT_READ : meaning(present, count);
  return [`${times}: ${reason}`, ...others.map(otherText)];
}

const FRONT_READ = "the spec asks for a reading of each trial of the front.";

/** @param present - place of the reading of the present figures, from 0; -1 without such figures */
function meaning(present: number, count: number): string {
  if (present < 0) return "the next reading will be of a model that is chosen after these figures were known.";
  if (present === 0) return "these are the figures of the first reading, and the study was extended after it.";
  const known = present === 1 ? "those of the first were" : `those of ${present} others were`;
  return `the figures of reading ${present + 1} of ${count} are of a model that was chosen after ${known} known.`;
}

function otherText({ trial, test }: TestReading): string {
  const figures = isProgramTest(test) ? programFigures(test) : testFigures(test);
  return `Another reading, of trial ${trial}: ${figures.map(({ name, text }) => `${name} ${text}`).join(", ")}`;
}
