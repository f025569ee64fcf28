import type { Scene, Targets } from "./scene.js";

/** Distance in pixels within which a pointer takes the nearest figure. */
const REACH = 32;

/**
 * Finds the figure nearest to a position.
 *
 * @returns its index among the targets, or undefined if none is within reach
 */
export function hit({ targets }: Pick<Scene, "targets">, x: number, y: number, reach = REACH): number | undefined {
  const { boxes } = targets;
  let nearest: number | undefined;
  let least = reach * reach;
  for (let place = 0; place < boxes.length; place += 4) {
    const dx = gap(x, boxes[place] as number, boxes[place + 2] as number);
    const dy = gap(y, boxes[place + 1] as number, boxes[place + 3] as number);
    const distance = dx * dx + dy * dy;
    // A later figure is drawn above an earlier one, so it wins at the same distance.
    if (distance <= least) {
      least = distance;
      nearest = place / 4;
    }
  }
  return nearest;
}

/** A step through the figures of a scene by a key. */
export type Step = "next" | "previous" | "next-group" | "previous-group" | "first" | "last";

/**
 * Returns the figure after a step. A group has figures in a row with the same key, such as the
 * epochs of one trial; a step to another group goes to its figure at the nearest x.
 *
 * @param from - index of the present figure; undefined before the first step
 */
export function stepTarget(
  { targets }: Pick<Scene, "targets">,
  from: number | undefined,
  step: Step,
): number | undefined {
  const count = targets.boxes.length / 4;
  if (count === 0) return undefined;
  if (step === "first" || from === undefined || from >= count) return step === "last" ? count - 1 : 0;
  if (step === "last") return count - 1;
  if (step === "next") return Math.min(count - 1, from + 1);
  if (step === "previous") return Math.max(0, from - 1);
  return inNextGroup(targets, from, step === "next-group" ? 1 : -1) ?? from;
}

function inNextGroup(targets: Targets, from: number, direction: 1 | -1): number | undefined {
  const count = targets.boxes.length / 4;
  const keyAt = (index: number): string => targets.keyAt(index);
  let start = from + direction;
  while (start >= 0 && start < count && keyAt(start) === keyAt(from)) start += direction;
  if (start < 0 || start >= count) return undefined;
  const x = targets.boxes[from * 4] as number;
  let nearest = start;
  for (let index = start; index >= 0 && index < count && keyAt(index) === keyAt(start); index += direction) {
    if (distanceTo(targets, index, x) < distanceTo(targets, nearest, x)) nearest = index;
  }
  return nearest;
}

function distanceTo({ boxes }: Targets, index: number, x: number): number {
  return Math.abs((boxes[index * 4] as number) - x);
}

/** Returns the distance from a position to an interval, 0 inside. */
function gap(value: number, from: number, to: number): number {
  return Math.max(0, from - value, value - to);
}
