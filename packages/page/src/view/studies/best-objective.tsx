import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { read } from "../../api/answer.js";
import { objectiveText } from "../../store/study/objective.js";
import { usePage, useReader, useTexts } from "../part/context.js";
import { useLoaded } from "../part/hook/use-loaded.js";

/**
 * The objective of the best trial of a study in the list: the estimate with its interval once the
 * study has chosen, before that the measurement, which is read when the row is shown.
 */
export function BestObjective({ study }: { study: Study }) {
  const [texts, reader] = [useTexts(), useReader()];
  const expected = study.selection?.expected;
  if (expected === undefined) return <Measured study={study} />;
  const { mean, low, high } = expected;
  return (
    <strong title={texts.common.interval(reader.number(low), reader.number(high))}>
      {reader.number(mean)} <span class="interval">[{`${reader.number(low)}, ${reader.number(high)}`}]</span>
    </strong>
  );
}

function Measured({ study: { id, bestTrialId } }: { study: Study }) {
  const { client } = usePage();
  const reader = useReader();
  const { answer } = useLoaded(`${id}/${bestTrialId}`, async () =>
    read(await client.trials(id, { trialId: bestTrialId }), ({ trials }) => trials[0]),
  );
  if (!answer?.ok || answer.value === undefined) return null;
  return <strong>{objectiveText(answer.value, reader)}</strong>;
}
