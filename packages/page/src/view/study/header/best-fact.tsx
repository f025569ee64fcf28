import type { Selection } from "@sintonia/proto/sintonia/v1/study";
import { objectiveText } from "../../../store/study/objective.js";
import { useProgress, useReader, useTexts } from "../../part/context.js";
import { TrialLink } from "../../part/link.js";

/** Greatest number of tied trials that the header lists. */
const TIED_SHOWN_MAX = 10;

/** The best trial: its objective, its interval once it is chosen, and its ties. */
export function BestFact() {
  const { study, trials } = useProgress();
  const [texts, reader] = [useTexts(), useReader()];
  const best = trials.get(study.bestTrialId);
  if (best === undefined) return <span class="quiet">{texts.study.noBest}</span>;
  const { selection } = study;
  return (
    <>
      <strong class="figure">{objectiveText(best, reader)}</strong>{" "}
      <TrialLink study={study.id} trial={best.id}>
        {texts.study.bestTrial(best.id)}
      </TrialLink>
      {selection && <SelectionText study={study.id} selection={selection} />}
    </>
  );
}

function SelectionText({ study, selection }: { study: string; selection: Selection }) {
  const [texts, reader] = [useTexts(), useReader()];
  const { expected, rule, note, optimism } = selection;
  return (
    <div class="quiet">
      <span>{texts.study.rules[rule]}. </span>
      {expected && (
        <span>
          {texts.study.expected(reader.number(expected.mean))},{" "}
          {texts.common.interval(reader.number(expected.low), reader.number(expected.high))}.{" "}
        </span>
      )}
      {expected && <Ties study={study} tied={selection.tiedTrialIds} />}
      {optimism !== undefined && selection.bestMeasuredTrialId !== selection.trialId && (
        <span> {texts.study.optimism(reader.number(Math.abs(optimism), 2), optimism >= 0)}</span>
      )}
      {note !== "" && <span> {note}</span>}
    </div>
  );
}

function Ties({ study, tied }: { study: string; tied: readonly string[] }) {
  const texts = useTexts();
  if (tied.length === 0) return <span>{texts.study.noTies}</span>;
  const more = tied.length - TIED_SHOWN_MAX;
  return (
    <span>
      {texts.study.ties(tied.length)}
      {tied.slice(0, TIED_SHOWN_MAX).map((id) => (
        <span key={id}>
          {" "}
          <TrialLink study={study} trial={id} />
        </span>
      ))}
      {more > 0 && ` +${more}`}.
    </span>
  );
}
