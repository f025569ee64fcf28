import { type Selection, SelectionRule, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { furtherNames } from "../../../plot/front/outcomes.js";
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
      <FurtherOutcomes trial={best} />
      {selection && <SelectionText study={study.id} selection={selection} />}
    </>
  );
}

/** The outcomes of a trial beside the first objective. */
function FurtherOutcomes({ trial: { outcomes } }: { trial: Trial }) {
  const { study } = useProgress();
  const reader = useReader();
  const known = furtherNames(study).flatMap((name) => {
    const value = outcomes[name];
    return value === undefined ? [] : [`${name} ${reader.number(value)}`];
  });
  return known.length === 0 ? null : <div>{known.join(" · ")}</div>;
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
      {expected && !isPicked(selection) && <Ties study={study} tied={selection.tiedTrialIds} />}
      {optimism !== undefined && !isPicked(selection) && selection.bestMeasuredTrialId !== selection.trialId && (
        <span> {texts.study.optimism(reader.number(Math.abs(optimism), 2), optimism >= 0)}</span>
      )}
      {note !== "" && <span> {note}</span>}
    </div>
  );
}

/** Tells whether a trial of a front was picked, whose trials are not compared by one objective. */
function isPicked({ rule }: Selection): boolean {
  return rule === SelectionRule.KNEE || rule === SelectionRule.WEIGHTS;
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
