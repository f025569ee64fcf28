// The choice of the best trial of any study: of one with several objectives or with limits on
// outcomes by its front, of another one by `selectBest`.

import { byObjective } from "../objective/goal.js";
import type { Aims } from "../objective/outcomes.js";
import {
  chooseFront,
  estimates,
  type FrontMember,
  type NoneWithin,
  type OutcomeTrial,
  trialsWithin,
} from "./front-choice.js";
import { chooseContenders } from "./ranking.js";
import { type Selection, selectBest } from "./select-best.js";
import type { SelectionRequest } from "./selection-request.js";

/**
 * Largest number of trials of a stored front. With 20 outcomes, it has half of the megabyte that a
 * record of the log may have.
 */
export const FRONT_MAX = 200;

/**
 * Chooses the best of a study's completed trials.
 *
 * - Several objectives: the trial that the rule picks from the front.
 * - One objective with limits: the best by the study's rule among the trials that keep the limits.
 * - If no trial keeps the limits: the one that violates them least, with an empty front.
 *
 * The selection is a function of the request, bit for bit.
 */
export function selectTrial(request: SelectionRequest): Selection {
  const { aims } = request.history;
  if (aims === undefined) return selectBest(request);
  return aims.objectives.length > 1 ? selectPicked(request, aims) : selectWithin(request, aims);
}

/** Returns the trials that the rule `replicate` executes again, as `chooseContenders` does. */
export function contendersWithin(request: SelectionRequest, count: number): readonly string[] {
  const { history, trials } = request;
  if (history.aims === undefined) return chooseContenders(request, count);
  const kept = trialsWithin(history, history.aims, trials);
  return "kind" in kept ? [] : chooseContenders({ ...request, trials: kept }, count);
}

function selectPicked({ history, trials, pick = "knee" }: SelectionRequest, aims: Aims): Selection {
  const choice = chooseFront(history, { aims, pick, trials });
  const rule = pick === "knee" ? "knee" : "weights";
  if (choice.kind === "none") return nearest(rule, trials, choice);
  const { members, pickedId } = choice;
  const expected = members.find(({ trialId }) => trialId === pickedId)?.outcomes[nameOfFirst(aims)]?.expected;
  const ids = new Set(members.map(({ trialId }) => trialId));
  const best = bestMeasured(
    trials.filter(({ id }) => ids.has(id)),
    history.goal,
  );
  return {
    rule,
    trialId: pickedId,
    ...(expected === undefined ? {} : { expected }),
    tied: [],
    bestMeasured: { trialId: best?.id ?? pickedId, count: trials.length },
    ...listed(members, pickedId, nameOfFirst(aims)),
  };
}

/**
 * Returns the front as it is stored: of a larger one, trials spread evenly over the order of the
 * first objective, both ends and the picked trial among them, with a note.
 */
function listed(members: readonly FrontMember[], pickedId: string, first: string): Pick<Selection, "front" | "note"> {
  const { length } = members;
  if (length <= FRONT_MAX) return { front: members };
  const measured = ({ outcomes }: FrontMember) => outcomes[first]?.measured ?? Number.NaN;
  const sorted = members.toSorted((a, b) => measured(a) - measured(b));
  // One place is left for the picked trial.
  const places = Array.from({ length: FRONT_MAX - 1 }, (_, i) => Math.round((i * (length - 1)) / (FRONT_MAX - 2)));
  const ids = new Set([pickedId, ...places.map((place) => sorted[place]?.trialId)]);
  const front = members.filter(({ trialId }) => ids.has(trialId));
  return { front, note: `The front has ${length} trials, of which ${front.length} are listed.` };
}

function selectWithin(request: SelectionRequest, aims: Aims): Selection {
  const { history, trials } = request;
  const kept = trialsWithin(history, aims, trials);
  if ("kind" in kept) return nearest("observed", trials, kept);
  const contenders = (request.contenders ?? []).filter(({ id }) => kept.some((trial) => trial.id === id));
  const selection = selectBest({ ...request, trials: kept, contenders });
  const chosen = trials.filter(({ id }) => id === selection.trialId);
  return { ...selection, front: estimates(history, aims, { trials, chosen }) };
}

function nearest(
  rule: Selection["rule"],
  trials: readonly OutcomeTrial[],
  { nearestId, reason }: NoneWithin,
): Selection {
  const note = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
  const bestMeasured = { trialId: nearestId, count: trials.length };
  return { rule, trialId: nearestId, tied: [], bestMeasured, front: [], note };
}

function bestMeasured<T extends OutcomeTrial>(trials: readonly T[], goal: "maximize" | "minimize"): T | undefined {
  const compare = byObjective(goal);
  return trials.toSorted((a, b) => compare(a.objective, b.objective))[0];
}

function nameOfFirst({ objectives: [first] }: Aims): string {
  return first?.name ?? "";
}
