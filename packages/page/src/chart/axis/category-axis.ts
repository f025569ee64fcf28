import type { AxisMaker } from "./axis.js";
import { fitted } from "./text-width.js";

/** Parts of an axis of words. */
export interface CategoryAxisParts {
  readonly label: string;
  readonly values: readonly string[];
  /** Upper limit of a label's width in pixels; the room of one value by default. */
  readonly labelWidthMax?: number;
}

/** Space between the labels of neighbouring values, in pixels. */
const GAP = 6;

/** Returns an axis that gives each word the same room. A word stands in the middle of its room. */
export function categoryAxis({ label, values, labelWidthMax }: CategoryAxisParts): AxisMaker<string> {
  const places = new Map(values.map((value, index) => [value, index]));
  return (from, to) => {
    const room = (to - from) / Math.max(1, values.length);
    const position = (index: number): number => from + (index + 0.5) * room;
    const widthMax = labelWidthMax ?? Math.abs(room) - GAP;
    return {
      label,
      from,
      to,
      ticks: values.map((value, index) => ({ position: position(index), text: fitted(value, widthMax) })),
      at: (value) => {
        const place = places.get(value);
        return place === undefined ? Number.NaN : position(place);
      },
      invert: (pixel) => {
        const place = Math.floor((pixel - from) / room);
        return values[Math.min(values.length - 1, Math.max(0, place))] ?? "";
      },
      text: (value) => value,
    };
  };
}
