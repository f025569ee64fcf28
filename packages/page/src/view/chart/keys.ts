import type { Step } from "../../chart/scene/hit.js";

const STEPS: Readonly<Record<string, Step>> = {
  ArrowRight: "next",
  ArrowLeft: "previous",
  ArrowDown: "next-group",
  ArrowUp: "previous-group",
  Home: "first",
  End: "last",
};

/** Returns the step that a key makes through the figures of a chart; undefined for other keys. */
export function stepOf(key: string): Step | undefined {
  return Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
}
