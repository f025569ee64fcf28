import { isUnderWay } from "@sintonia/page/store/study/state/states";
import type { AdminServiceClient, Curve } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { byObjective } from "@sintonia/tuning/objective/goal";
import { goalName } from "../goal.js";
import { trialStateName } from "../trial-state.js";
import { allPages } from "./pages.js";

/** Completed trials whose curves are shown. */
const BEST_SHOWN = 5;
/** Trials under way whose curves are shown. */
const RUNNING_SHOWN_MAX = 20;
/** Points of a curve: enough for a terminal and a plot of a script. */
const POINTS = 200;

/** The learning curves of a trial, one for each execution. */
export interface TrialCurves {
  readonly trial: string;
  readonly state: string;
  /** Null unless the trial has completed. */
  readonly objective: number | null;
  readonly executions: readonly Omit<Curve, "trialId">[];
}

/** Returns the best trials, best first, and then those under way. */
export function shownTrials({ goal }: Pick<Study, "goal">, trials: readonly Trial[]): readonly Trial[] {
  const compare = byObjective(goalName(goal));
  const completed = trials.filter(({ objective, replicates }) => objective !== undefined && replicates === undefined);
  const best = completed.toSorted((a, b) => compare(a.objective as number, b.objective as number));
  return [...best.slice(0, BEST_SHOWN), ...trials.filter(isUnderWay).slice(0, RUNNING_SHOWN_MAX)];
}

/** Reads the curves of the objective's metric of trials. */
export async function readCurves(
  client: Pick<AdminServiceClient, "listCurves">,
  studyId: string,
  trials: readonly Trial[],
): Promise<readonly TrialCurves[]> {
  const read: TrialCurves[] = [];
  for (const { id, state, objective } of trials) {
    const executions = await readExecutions(client, studyId, id);
    read.push({ trial: id, state: trialStateName(state), objective: objective ?? null, executions });
  }
  return read;
}

async function readExecutions(
  client: Pick<AdminServiceClient, "listCurves">,
  studyId: string,
  trialId: string,
): Promise<TrialCurves["executions"]> {
  const curves = await allPages(async (pageToken) => {
    const page = await client.listCurves({ studyId, trialId, maxPoints: POINTS, pageToken });
    return { items: page.curves, nextPageToken: page.nextPageToken };
  });
  return curves.map(({ trialId: _, ...curve }) => curve);
}
