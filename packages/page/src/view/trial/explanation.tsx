import { useSignal } from "@preact/signals";
import type {
  Belief,
  ExplainTrialResponse,
  FrontExplanation,
  ModelExplanation,
  ParameterPoint,
  RunnerUp,
} from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { valueText } from "../../store/study/objective.js";
import type { Texts } from "../../text/en.js";
import type { Reader } from "../../text/reader.js";
import { usePage, useProgress, useReader, useTexts } from "../part/context.js";
import { type FactRow, Facts, Section } from "../part/facts.js";
import { useLoaded } from "../part/hook/use-loaded.js";
import { Awaited } from "../part/notice.js";

/** Length scale, as a multiple of the range, from which a parameter has no visible effect. */
const FLAT_FROM = 10;

/** Why the oracle suggested the values; on demand, as it takes as long as a suggestion. */
export function Explanation({ trial }: { trial: Trial }) {
  const texts = useTexts();
  const isAsked = useSignal(usePage().mode === "report");
  return (
    <Section title={texts.trial.why}>
      {isAsked.value ? (
        <Answered trial={trial} />
      ) : (
        <>
          <p class="quiet">{texts.trial.whyNote}</p>
          <button
            type="button"
            onClick={() => {
              isAsked.value = true;
            }}
          >
            {texts.trial.whyShow}
          </button>
        </>
      )}
    </Section>
  );
}

function Answered({ trial }: { trial: Trial }) {
  const { client } = usePage();
  const { study } = useProgress();
  const { answer, reload } = useLoaded(`${study.id}/${trial.id}`, () => client.explanation(study.id, trial.id));
  return (
    <Awaited answer={answer} retry={reload}>
      {(explanation) => <Explained explanation={explanation} />}
    </Awaited>
  );
}

function Explained({ explanation }: { explanation: ExplainTrialResponse }) {
  const { why } = useTexts();
  const reader = useReader();
  const { source, oracle, known, place, model, front } = explanation;
  const count = (value = 0): string => reader.number(value, 9);
  const rows: FactRow[] = [
    [
      why.source,
      [
        why.sources[source],
        place && why.place(count(place.index + 1), place.count === undefined ? "" : count(place.count)),
      ]
        .filter(Boolean)
        .join(", "),
    ],
    [why.oracle, oracle],
    [
      why.history,
      known &&
        why.known(
          count(known.completed),
          count(known.pending.length),
          count(known.infeasible),
          count(known.failed),
          known.pruned === 0 ? "" : count(known.pruned),
          known.partial === 0 ? "" : count(known.partial),
        ),
    ],
  ];
  return (
    <>
      <Facts class="rows" rows={rows} />
      {model && <Model model={model} />}
      {front && <FrontModel front={front} />}
      <p class="quiet">{why.checked}</p>
    </>
  );
}

function Model({ model }: { model: ModelExplanation }) {
  const { why, common } = useTexts();
  const reader = useReader();
  const { belief, acquisition, bestMean, best, noiseSd, runnersUp } = model;
  const number = reader.number;
  const rows: FactRow[] = [
    [why.predicted, belief && beliefText(belief, reader, common)],
    [why.bestThen, [number(bestMean), pointText(best, reader)].filter(Boolean).join(" · ")],
    [why.gain, acquisition && number(acquisition.expectedImprovement)],
    [why.probability, acquisition && reader.percent(acquisition.probabilityOfImprovement)],
    [why.feasibility, acquisition?.feasibility === undefined ? undefined : reader.percent(acquisition.feasibility)],
    [why.acquisition, acquisition && `${number(acquisition.value)} (${acquisition.name.replaceAll("-", " ")})`],
    [why.noise, `± ${number(noiseSd, 2)}`],
    ...lengthScaleRows(model, reader, why),
    ...runnerUpRows(runnersUp, reader, why),
  ];
  return <Facts class="rows" rows={rows} />;
}

/** The surrogates of several objectives and of limits. */
function FrontModel({ front }: { front: FrontExplanation }) {
  const { why, common } = useTexts();
  const reader = useReader();
  const { objectives, limits, acquisition, acquisitionName, completion, frontCount, runnersUp } = front;
  const number = reader.number;
  const rows: FactRow[] = [
    ...objectives.map(
      ({ name, belief }): FactRow => [`${why.predicted}: ${name}`, belief && beliefText(belief, reader, common)],
    ),
    ...limits.map(({ limit, probability }): FactRow => [`${why.holds}: ${limit}`, reader.percent(probability)]),
    [why.feasibility, completion === undefined ? undefined : reader.percent(completion)],
    [why.acquisition, `${number(acquisition)} (${acquisitionName.replaceAll("-", " ")})`],
    [why.frontThen, number(frontCount, 9)],
    ...objectives.flatMap(({ name, lengthScales }) =>
      lengthScaleRows({ lengthScales }, reader, why).map(([label, text]): FactRow => [`${label} (${name})`, text]),
    ),
    ...runnerUpRows(runnersUp, reader, why),
  ];
  return <Facts class="rows" rows={rows} />;
}

function beliefText({ mean, sd, low, high }: Belief, { number }: Reader, common: Texts["common"]): string {
  return `${number(mean)} ± ${number(sd, 2)}; ${common.interval(number(low), number(high))}`;
}

type WhyTexts = Texts["why"];

function runnerUpRows(runnersUp: readonly RunnerUp[], reader: Reader, why: WhyTexts): FactRow[] {
  return runnersUp.map(({ point, acquisition }, i) => [
    `${why.runnersUp} ${i + 1}`,
    `${reader.number(acquisition)} · ${pointText(point, reader)}`,
  ]);
}

function lengthScaleRows(
  { lengthScales }: Pick<ModelExplanation, "lengthScales">,
  reader: Reader,
  why: WhyTexts,
): FactRow[] {
  return Object.entries(lengthScales).map(([name, length]) => [
    `${why.lengthScale}: ${name}`,
    length >= FLAT_FROM ? why.flat : why.lengthScaleOf(reader.percent(length, 0)),
  ]);
}

function pointText(point: ParameterPoint | undefined, reader: Reader): string {
  return Object.entries(point?.values ?? {})
    .map(([name, value]) => `${name} ${valueText(value, reader)}`)
    .join(", ");
}
