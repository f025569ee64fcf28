// How often the test split of an extended study has been read.

import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { isProgramTest, type ResultsDocument, type TestReading } from "../../../study/documents/results.js";
import { programFigures, testFigures } from "./measured-figures.js";

/**
 * Returns sentences about the readings, those of the other trials of a front included; none for a
 * study of one reading.
 */
export function testReadingLines(results: ResultsDocument): readonly string[] {
  const { best, test, testReadings } = results;
  const isPresent = ({ trial }: TestReading) => test !== null && trial === best?.id;
  const ofFront = testReadings.filter((reading) => !isPresent(reading) && isOfFront(results, reading));
  const successive = testReadings.filter((reading) => !ofFront.includes(reading));
  const present = successive.findIndex(isPresent);
  const others = successive.filter((_, place) => place !== present);
  const frontTexts = ofFront.map((reading) => `Test of trial ${reading.trial} of the front: ${figuresText(reading)}`);
  if (others.length === 0) return frontTexts;
  const count = successive.length;
  const times = `The test split has been read ${count} ${count === 1 ? "time" : "times"}`;
  const otherTexts = others.map((reading) => `Another reading, of trial ${reading.trial}: ${figuresText(reading)}`);
  return [`${times}: ${meaning(present, count)}`, ...otherTexts, ...frontTexts];
}

/** Tells whether a reading was that of another trial of the front, made before any was known. */
function isOfFront({ front = [], study }: ResultsDocument, { trial }: TestReading): boolean {
  const { testFront } = (study.spec ?? {}) as Partial<StudySpec>;
  return testFront === true && front.some((member) => member.trial === trial);
}

/** @param present - place of the reading of the present figures, from 0; -1 without such figures */
function meaning(present: number, count: number): string {
  if (present < 0) return "the next reading will be of a model that is chosen after these figures were known.";
  if (present === 0) return "these are the figures of the first reading, and the study was extended after it.";
  const known = present === 1 ? "those of the first were" : `those of ${present} others were`;
  return `the figures of reading ${present + 1} of ${count} are of a model that was chosen after ${known} known.`;
}

function figuresText({ test }: TestReading): string {
  const figures = isProgramTest(test) ? programFigures(test) : testFigures(test);
  return figures.map(({ name, text }) => `${name} ${text}`).join(", ");
}
