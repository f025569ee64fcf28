import type { Points } from "./scene.js";

/** Points that a column of the plot keeps at most: the first, the lowest, the highest, the last. */
export const POINTS_PER_COLUMN = 4;

/**
 * Returns a line with at most four points in each column of pixels, which looks the same. The first
 * and the last point stay, and so do the extremes. A line with fewer points than columns stays.
 *
 * @param points - one line by increasing x, without NaN
 * @param columnWidth - in pixels
 */
export function decimated(points: Points, columnWidth = 1): Points {
  const span = (points[points.length - 2] ?? 0) - (points[0] ?? 0);
  if (points.length / 2 <= span / columnWidth) return points;
  const kept: number[] = [];
  let start = 0;
  while (start < points.length) {
    const column = Math.floor((points[start] as number) / columnWidth);
    let end = start + 2;
    while (end < points.length && Math.floor((points[end] as number) / columnWidth) === column) end += 2;
    if (end - start <= 2 * POINTS_PER_COLUMN) {
      for (let place = start; place < end; place++) kept.push(points[place] as number);
    } else
      for (const place of keptPlaces(points, start, end))
        kept.push(points[place] as number, points[place + 1] as number);
    start = end;
  }
  return kept;
}

/** Returns the places of the points that stay, in order and each once. */
function keptPlaces(points: Points, start: number, end: number): readonly number[] {
  let [low, high] = [start, start];
  for (let place = start; place < end; place += 2) {
    if ((points[place + 1] as number) < (points[low + 1] as number)) low = place;
    if ((points[place + 1] as number) > (points[high + 1] as number)) high = place;
  }
  return [...new Set([start, Math.min(low, high), Math.max(low, high), end - 2])];
}
