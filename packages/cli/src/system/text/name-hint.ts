import { nearestName } from "@sintonia/tuning/validation/nearest-name";

/**
 * Returns the hint of a message about an unknown name: the nearest name, if there is one, and
 * then all of them.
 *
 * @param list - the sentence that lists the names, without its capital and its full stop
 */
export function nameHint(
  name: string,
  names: readonly string[],
  list: string = `they are ${names.join(", ")}`,
): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? list : `did you mean ${nearest}? ${list.slice(0, 1).toUpperCase()}${list.slice(1)}`;
}
