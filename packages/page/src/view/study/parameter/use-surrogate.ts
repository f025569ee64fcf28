import type { GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import { usePage, useProgress } from "../../part/context.js";
import { useLoaded } from "../../part/hook/use-loaded.js";

interface SurrogateQuery {
  readonly parameter: string;
  readonly secondParameter?: string;
  readonly trialId?: string;
}

/**
 * Loads the surrogate of the followed study, again whenever further trials have ended.
 *
 * @returns undefined while it loads, and while the study has too few trials for a surrogate
 */
export function useSurrogate(query: SurrogateQuery): GetSurrogateResponse | undefined {
  const { client } = usePage();
  const { study } = useProgress();
  const { parameter, secondParameter = "", trialId = "" } = query;
  const key = [study.id, parameter, secondParameter, trialId, study.settledCount].join(" ");
  const { answer } = useLoaded(key, () => client.surrogate(study.id, { parameter, secondParameter, trialId }));
  return answer?.ok ? answer.value : undefined;
}
