import type { TestResult } from "@sintonia/proto/sintonia/v1/study";
import { useProgress, useReader, useTexts } from "../../part/context.js";

/** The figures of the best model on the test split. */
export function TestFact() {
  const { study } = useProgress();
  const reader = useReader();
  if (study.test !== undefined) return <Measured test={study.test} />;
  const metrics = Object.entries(study.testMetrics);
  return <>{metrics.map(([name, value]) => `${name} ${reader.number(value)}`).join(", ")}</>;
}

function Measured({ test }: { test: TestResult }) {
  const [texts, reader] = [useTexts(), useReader()];
  const percent = (share: number): string => reader.percent(share, 2);
  const isRegression = test.accuracyHigh === 0;
  return (
    <>
      <strong class="figure">{isRegression ? reader.number(test.loss) : percent(test.accuracy)}</strong>
      <div class="quiet">
        {!isRegression && `${texts.common.interval(percent(test.accuracyLow), percent(test.accuracyHigh))}; `}
        {texts.study.examples(reader.number(test.examples, 9))}; loss {reader.number(test.loss)}
        {test.scores
          .filter(({ name }) => name !== "accuracy")
          .map(({ name, value, low, high }) => (
            <span key={name} title={texts.common.interval(reader.number(low), reader.number(high))}>
              ; {name} {reader.number(value)}
            </span>
          ))}
      </div>
    </>
  );
}
