// Finds the study that a person names: by its id, by its name, or by the first letters of its id.

import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { nameHint } from "../system/text/name-hint.js";
import { CommandError } from "../system/usage-error.js";

/** Number of ids that a message lists. */
const LISTED_MAX = 8;

type Named = Pick<Study, "id" | "name">;

/**
 * Finds the study that a text names. An id comes before a name, and a name before the first letters
 * of an id.
 *
 * @param text - undefined for the only study
 * @throws {CommandError} with the ids of the studies if none or several have this name
 */
export function findStudy<T extends Named>(studies: readonly T[], text: string | undefined): T {
  const matches = text === undefined ? studies : namedBy(studies, text);
  const [match] = matches;
  if (match !== undefined && matches.length === 1) return match;
  throw matches.length === 0 ? unknownStudy(studies, text) : ambiguousStudy(matches, text);
}

function namedBy<T extends Named>(studies: readonly T[], text: string): readonly T[] {
  const rules: readonly ((study: T) => boolean)[] = [
    ({ id }) => id === text,
    ({ name }) => name === text,
    ({ id }) => text !== "" && id.startsWith(text),
  ];
  return rules.map((rule) => studies.filter(rule)).find(({ length }) => length > 0) ?? [];
}

function unknownStudy(studies: readonly Named[], text: string | undefined): CommandError {
  const ids = studies.map(({ id }) => id);
  const known = ids.length === 0 ? "there are no studies yet" : `the studies are ${listed(ids)}`;
  const hint = text === undefined ? known : nameHint(text, [...ids, ...studies.map(({ name }) => name)], known);
  const what = text === undefined ? "there is no study to choose" : `no study has the id or the name ${text}`;
  return new CommandError(`${what}; ${hint}`, { code: "UNKNOWN_STUDY", facts: { study: text ?? null, studies: ids } });
}

function ambiguousStudy(matches: readonly Named[], text: string | undefined): CommandError {
  const ids = matches.map(({ id }) => id);
  const what =
    text === undefined
      ? "there are several studies"
      : `several studies are called ${text}, or have an id that begins so`;
  const message = `${what}; name one by its id: ${listed(ids)}`;
  return new CommandError(message, { code: "AMBIGUOUS_STUDY", facts: { study: text ?? null, studies: ids } });
}

/** Lists the newest ids. The studies are ordered by their creation, oldest first. */
function listed(ids: readonly string[]): string {
  const newest = ids.toReversed().slice(0, LISTED_MAX);
  const rest = ids.length - newest.length;
  return rest === 0 ? newest.join(", ") : `${newest.join(", ")} and ${rest} older ones ("sintonia list" shows them)`;
}
