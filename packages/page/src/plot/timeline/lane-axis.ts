import type { AxisMaker } from "../../chart/axis/axis.js";
import { fitted } from "../../chart/axis/text-width.js";
import type { Lane } from "./spans.js";

/** Returns an axis of lanes from top to bottom. The first lane of a trainer has its name. */
export function laneAxis(lanes: readonly Lane[], labelWidthMax: number): AxisMaker<number> {
  return (bottom, top) => {
    const room = (bottom - top) / Math.max(1, lanes.length);
    const at = (row: number): number => top + (row + 0.5) * room;
    const isFirst = ({ trainerId }: Lane, row: number): boolean => lanes[row - 1]?.trainerId !== trainerId;
    return {
      label: "",
      from: bottom,
      to: top,
      ticks: lanes.map((lane, row) => {
        return { position: at(row), text: isFirst(lane, row) ? fitted(lane.trainerId, labelWidthMax) : "" };
      }),
      at,
      invert: (pixel) => Math.min(lanes.length - 1, Math.max(0, Math.floor((pixel - top) / room))),
      text: (row) => lanes[row]?.trainerId ?? "",
    };
  };
}
