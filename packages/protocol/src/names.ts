// The names that cross the border of a process. Each has a type of its own, and the `parse` of its
// form is the only way to make one: no text from outside reaches a path, a subject or a log
// unchecked.

declare const form: unique symbol;

/** A text of a checked form. */
type Checked<Name extends string> = string & { readonly [form]: Name };

/** Id of a study, unique in a cluster. Safe in paths and NATS subjects. */
export type StudyId = Checked<"StudyId">;

/**
 * Id of a trial within its study: its number, or the word of the study's test run. Safe in paths
 * and NATS subjects.
 */
export type TrialId = Checked<"TrialId">;

/** Id of a trainer's process. Printable. */
export type TrainerId = Checked<"TrainerId">;

/** SHA-256 of bytes. Safe in paths. */
export type Sha256 = Checked<"Sha256">;

/** The form of one type of names. */
export interface Form<T extends string> {
  /** Returns the name, or undefined if the text has another form. */
  readonly parse: (text: string) => T | undefined;
  /** The accepted texts, as the end of the sentence "must be …". */
  readonly expected: string;
}

/** The form of study ids. */
export const STUDY_ID: Form<StudyId> = matching(
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  "1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends",
);

/** The form of trial ids. */
export const TRIAL_ID: Form<TrialId> = matching(/^(?:[0-9]{1,9}|test)$/, "1 to 9 digits, or test");

/** Id of the run that measures a study's best trial. */
export const TEST_RUN_ID: TrialId = nameOf(TRIAL_ID, "test");

/**
 * The form of trainer ids. Excludes control characters, line breaks, and the format characters that
 * change the direction of text: ids appear in terminals and logs.
 */
export const TRAINER_ID: Form<TrainerId> = matching(/^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u, "1 to 128 printable characters");

/** The form of checksums. */
export const SHA256: Form<Sha256> = matching(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");

/**
 * Returns a text that the program made itself as a name.
 *
 * @throws {TypeError} if the text has another form, which is a fault of the program
 */
export function nameOf<T extends string>(form: Form<T>, text: string): T {
  const name = form.parse(text);
  if (name === undefined) throw new TypeError(`${JSON.stringify(text)} must be ${form.expected}`);
  return name;
}

function matching<T extends string>(pattern: RegExp, expected: string): Form<T> {
  return { expected, parse: (text) => (pattern.test(text) ? (text as T) : undefined) };
}
