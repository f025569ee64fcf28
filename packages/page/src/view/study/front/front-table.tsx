import type { FrontOutcome, TestReading, Trial } from "@sintonia/proto/sintonia/v1/study";
import { byFirstObjective, frontIds, outcomeOf, type StudyAims } from "../../../plot/front/outcomes.js";
import { useReader, useTexts } from "../../part/context.js";
import { useTrialList } from "../../part/hook/use-trial-list.js";
import { TrialLink } from "../../part/link.js";
import { TableBox } from "../../part/table/data-table.js";
import { TestFigures } from "../header/test-fact.js";

/**
 * The trials of the front with their outcomes, the best one by the first objective first.
 * Intervals follow once the study has chosen, figures of the test split where they were measured.
 */
export function FrontTable({ aims }: { aims: StudyAims }) {
  const { study, trials } = useTrialList();
  const { front: texts, trials: columns, study: words } = useTexts();
  const ids = frontIds(study, trials, aims);
  const front = trials.filter(({ id }) => ids.has(id)).sort(byFirstObjective(aims));
  const readings = new Map(
    study.testReadings.flatMap((reading) => (ids.has(reading.trialId) ? [[reading.trialId, reading]] : [])),
  );
  if (front.length === 0) return <p class="quiet">{study.limits.length > 0 ? texts.noneKeeps : texts.none}</p>;
  return (
    <TableBox label={study.selection === undefined ? texts.soFar : texts.title}>
      <thead>
        <tr>
          <th>{columns.trial}</th>
          {aims.names.map((name) => (
            <th key={name} class="number">
              {name}
            </th>
          ))}
          {readings.size > 0 && <th class="number">{words.test}</th>}
        </tr>
      </thead>
      <tbody>
        {front.map((trial) => (
          <tr key={trial.id}>
            <td>
              <TrialLink study={study.id} trial={trial.id} />
              {trial.id === study.bestTrialId && <span class="best-mark"> ★ {texts.picked}</span>}
            </td>
            {aims.names.map((name) => (
              <td key={name} class="number">
                <Outcome trial={trial} name={name} known={knownOutcome(study.selection?.front, trial, name)} />
              </td>
            ))}
            {readings.size > 0 && (
              <td class="number">
                <Tested reading={readings.get(trial.id)} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}

function Outcome(props: { trial: Trial; name: string; known: FrontOutcome | undefined }) {
  const [texts, reader] = [useTexts(), useReader()];
  const { trial, name, known } = props;
  const expected = known?.expected;
  return (
    <>
      {reader.number(known?.measured ?? outcomeOf(trial, name))}
      {expected && (
        <div class="quiet" title={texts.common.interval(reader.number(expected.low), reader.number(expected.high))}>
          {reader.number(expected.low)} – {reader.number(expected.high)}
        </div>
      )}
    </>
  );
}

function Tested({ reading }: { reading: TestReading | undefined }) {
  return reading === undefined ? null : <TestFigures test={reading.test} metrics={reading.metrics} />;
}

function knownOutcome(
  front: readonly { readonly trialId: string; readonly outcomes: readonly FrontOutcome[] }[] | undefined,
  { id }: Trial,
  name: string,
): FrontOutcome | undefined {
  return front?.find(({ trialId }) => trialId === id)?.outcomes.find((outcome) => outcome.name === name);
}
