// Splits learning curves into messages of bounded size. A study may have 1,000 trials of 10,000
// epochs each: a page ends after the work of some milliseconds.

import type { Curve as CurveMessage, ListCurvesRequest, ListCurvesResponse } from "@sintonia/proto/sintonia/v1/admin";
import { type Curve, curvesOf } from "../../../core/measurements/curves.js";
import type { Study, Trial } from "../../../core/state/study.js";
import { invalidField } from "../edge/status.js";
import { itemLimit } from "../transfer/page.js";
import type { PagePosition } from "./trial-pages.js";

/** Limit of the curves on a page. */
const CURVES_MAX = 1_000;

/** Limit of the points of a curve. */
const POINTS_MAX = 2_000;

/** Points of a curve unless the request says another number. */
const POINTS = 200;

/** Points after which a page ends. A point has at most 21 bytes, a message 4 MiB. */
const PAGE_POINTS_MAX = 50_000;

/** Measurements after whose reading a page ends: 10 ms of work. */
const PAGE_MEASUREMENTS_MAX = 250_000;

/** A page of curves. */
interface CurvePage extends Pick<ListCurvesResponse, "curves"> {
  /** Start of the next page, where `measurement` is the index of a curve of the trial. */
  readonly next: PagePosition | undefined;
}

/**
 * Returns the page of curves that begins at a position.
 *
 * @param trials - the requested trials of the study
 * @throws {ServerError} if the limit of points is out of range
 */
export function curvePage(
  { spec }: Pick<Study, "spec">,
  trials: readonly Trial[],
  { start, request }: { readonly start: PagePosition; readonly request: ListCurvesRequest },
): CurvePage {
  const metric = request.metric === "" ? spec.objective.metric : request.metric;
  const pointsMax = requirePoints(request.maxPoints);
  const curvesMax = itemLimit({ pageSize: request.pageSize, itemsMax: CURVES_MAX });
  const curves: CurveMessage[] = [];
  let [points, read, from] = [0, 0, start.measurement];
  for (let index = start.trial; index < trials.length; index++, from = 0) {
    if (read >= PAGE_MEASUREMENTS_MAX) return { curves, next: { trial: index, measurement: 0 } };
    const { id: trialId, measurements } = trials[index] as Trial;
    read += measurements.length;
    const own = curvesOf(measurements, metric, pointsMax);
    for (; from < own.length; from++) {
      if (curves.length >= curvesMax || points >= PAGE_POINTS_MAX)
        return { curves, next: { trial: index, measurement: from } };
      const { execution, epochs, values, learningRates } = own[from] as Curve;
      points += epochs.length;
      curves.push({ trialId, execution, epochs: [...epochs], values: [...values], learningRates: [...learningRates] });
    }
  }
  return { curves, next: undefined };
}

function requirePoints(maxPoints: number): number {
  if (maxPoints === 0) return POINTS;
  if (maxPoints >= 2 && maxPoints <= POINTS_MAX) return maxPoints;
  throw invalidField("max_points", `received ${maxPoints}, expected 2 to ${POINTS_MAX}, or 0.`);
}
