import type { Curve } from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { useRef } from "preact/hooks";
import { type Answer, success } from "../../../api/answer.js";
import { allPages } from "../../../api/client.js";
import { withLatest } from "../../../store/study/live-curves.js";
import { usePage, useProgress } from "../../part/context.js";
import { useLoaded } from "../../part/hook/use-loaded.js";

/** Points of the curve of a single trial. */
const POINTS_OF_ONE = 2_000;
/** Points of all curves of a study together: more take longer than a frame to draw. */
const POINTS_OF_ALL = 50_000;
const POINTS_MIN = 40;
const POINTS_MAX = 200;

/**
 * Loads learning curves of the followed study, which grow with its updates.
 *
 * @param trial - the only trial; undefined for all
 */
export function useCurves(metric: string, trial?: Trial): Answer<readonly Curve[]> | undefined {
  const { client } = usePage();
  const { study, trials } = useProgress();
  const trialId = trial?.id ?? "";
  const { answer } = useLoaded([study.id, metric, trialId].join(" "), () =>
    allPages(
      (pageToken) =>
        client.curves(study.id, {
          metric: metric === study.objectiveMetric ? "" : metric,
          trialId,
          maxPoints: trial === undefined ? pointsOfEach(trials.size) : POINTS_OF_ONE,
          pageToken,
        }),
      ({ curves }) => curves,
    ),
  );
  const grown = useRef<{ readonly from: unknown; readonly curves: readonly Curve[] }>({ from: undefined, curves: [] });
  if (!answer?.ok) return answer;
  const known = grown.current.from === answer ? grown.current.curves : answer.value;
  const curves = withLatest(known, trial === undefined ? trials.values() : [trial], metric);
  grown.current = { from: answer, curves };
  return success(curves);
}

function pointsOfEach(trials: number): number {
  return Math.round(Math.min(POINTS_MAX, Math.max(POINTS_MIN, POINTS_OF_ALL / Math.max(1, trials))));
}

/** Returns the metrics that trials report, the objective first. */
export function metricNames(objective: string, trials: Iterable<Trial>): readonly string[] {
  const names = new Set([objective]);
  for (const { latest } of trials) for (const name of Object.keys(latest?.metrics ?? {})) names.add(name);
  return [...names];
}
