// The call that reads the surrogate of a study along one parameter, or over two.

import type { GetSurrogateRequest, GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { cardinality } from "@sintonia/tuning/space/discrete";
import type { Slice } from "@sintonia/tuning/surrogate/belief/slice";
import { type ServerError, Status } from "nice-grpc-common";
import { bestTrial } from "../../../core/query/objective.js";
import type { Study, Trial } from "../../../core/state/study.js";
import type { Studies } from "../../../shell/studies.js";
import { shown } from "../edge/fields.js";
import { invalidField, statusError } from "../edge/status.js";
import { valueMessage, valuesMessage } from "../messages/study-messages.js";
import { noCompletedTrial, requireStudy, requireTrial } from "./named-things.js";

/** The numbers of values of each parameter: of one that varies alone, and of two. */
const STEPS = { line: { usual: 64, max: 200 }, plane: { usual: 24, max: 60 } };

/**
 * Returns the surrogate's estimates along a line or over a plane.
 *
 * @throws {ServerError} for a wrong field, a parameter that does not vary at the trial's values, or
 *   too few completed trials
 */
export async function getSurrogate(studies: Studies, request: GetSurrogateRequest): Promise<GetSurrogateResponse> {
  const study = requireStudy(studies, request.studyId);
  const parameters = requireParameters(study, request);
  const steps = requireSteps(request);
  const trial = request.trialId === "" ? bestTrial(study) : requireTrial(study, request.trialId);
  if (trial === undefined) throw noCompletedTrial(study);
  for (const parameter of parameters) requireActive(trial, parameter);
  const slice = await studies.slice(study, { through: trial.values, parameters, steps }).catch((error) => {
    throw statusError(error);
  });
  if (slice === undefined)
    throw unmet(`Study ${study.id} has too few completed trials for a surrogate.`, "SURROGATE_UNDETERMINED", {
      studyId: study.id,
    });
  return surrogateMessage(study, trial, { parameters, slice });
}

function requireParameters({ spec, id }: Study, request: GetSurrogateRequest): readonly string[] {
  const { parameter, secondParameter } = request;
  if (parameter === secondParameter) throw invalidField("second_parameter", "must be another one than parameter.");
  const fields = { parameter, ...(secondParameter === "" ? {} : { second_parameter: secondParameter }) };
  for (const [field, name] of Object.entries(fields)) {
    const known = Object.hasOwn(spec.parameters, name) ? spec.parameters[name] : undefined;
    if (known === undefined)
      throw invalidField(
        field,
        `received ${shown(name)}, expected a parameter: ${Object.keys(spec.parameters).join(", ")}.`,
      );
    if (cardinality(known) < 2)
      throw unmet(`Parameter ${name} of study ${id} has one value.`, "PARAMETER_CONSTANT", { parameter: name });
  }
  return Object.values(fields);
}

function requireSteps({ steps, secondParameter }: GetSurrogateRequest): number {
  const { usual, max } = secondParameter === "" ? STEPS.line : STEPS.plane;
  if (steps === 0) return usual;
  if (steps >= 2 && steps <= max) return steps;
  throw invalidField("steps", `received ${steps}, expected 2 to ${max}, or 0.`);
}

function requireActive({ id, values }: Trial, parameter: string): void {
  if (Object.hasOwn(values, parameter)) return;
  const message = `Parameter ${parameter} is inactive at the values of trial ${id}; name a trial that has it.`;
  throw unmet(message, "PARAMETER_INACTIVE", { parameter, trialId: id });
}

function unmet(message: string, reason: string, facts: Readonly<Record<string, string>>): ServerError {
  return refusal(Status.FAILED_PRECONDITION, message, { reason, facts });
}

function surrogateMessage(
  { spec: { parameters: space } }: Study,
  trial: Trial,
  { parameters, slice }: { readonly parameters: readonly string[]; readonly slice: Slice },
): GetSurrogateResponse {
  const { axes, beliefs, observations } = slice;
  const [first = [], second = []] = axes.map((values, i) =>
    values.map((value) => valueMessage(space[parameters[i] as string], value)),
  );
  return {
    first,
    second,
    mean: beliefs.map(({ mean }) => mean),
    low: beliefs.map(({ low }) => low),
    high: beliefs.map(({ high }) => high),
    through: { values: valuesMessage(space, trial.values) },
    trialId: trial.id,
    observations,
  };
}
