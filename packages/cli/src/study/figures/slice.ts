import type { AdminServiceClient, GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import { trialValues } from "../values.js";

/** The surrogate's estimate at one value of a parameter. */
export interface SlicePoint {
  readonly value: ParameterValue;
  readonly mean: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** The surrogate's estimates along a parameter, and the completed trials that have it. */
export interface SliceFigure {
  readonly parameter: string;
  /** The trial whose values all other parameters have. */
  readonly through: string;
  readonly observations: number;
  readonly surrogate: readonly SlicePoint[];
  readonly trials: readonly { readonly trial: string; readonly value: ParameterValue; readonly objective: number }[];
}

/** The slice that a person wants to see. */
export interface SliceRequest {
  readonly studyId: string;
  /** @default the parameter with the largest share of the variance */
  readonly parameter?: string | undefined;
  /** Id of the trial through which the slice runs. @default the best one */
  readonly trialId?: string | undefined;
  readonly trials: readonly Trial[];
}

/**
 * Reads a slice.
 *
 * @throws {ClientError} for an unknown parameter, or if the study has too few completed trials
 */
export async function readSlice(
  client: Pick<AdminServiceClient, "getImportance" | "getSurrogate">,
  { studyId, trials, parameter: wanted, trialId = "" }: SliceRequest,
): Promise<SliceFigure> {
  const parameter = wanted ?? (await client.getImportance({ studyId })).parameters[0]?.parameter ?? "";
  const response = await client.getSurrogate({ studyId, parameter, trialId });
  const { trialId: through, observations } = response;
  return { parameter, through, observations, surrogate: pointsOf(response), trials: measured(trials, parameter) };
}

function pointsOf({ first, mean, low, high }: GetSurrogateResponse): SlicePoint[] {
  return first.flatMap(({ kind }, i) =>
    kind === undefined ? [] : [{ value: kind.value, mean: mean[i] ?? 0, low: low[i] ?? 0, high: high[i] ?? 0 }],
  );
}

function measured(trials: readonly Trial[], parameter: string): SliceFigure["trials"] {
  return trials.flatMap((trial) => {
    const value = trialValues(trial)[parameter];
    const { id, objective, replicates } = trial;
    return value === undefined || objective === undefined || replicates !== undefined
      ? []
      : [{ trial: id, value, objective }];
  });
}
