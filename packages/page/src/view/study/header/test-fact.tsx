import type { TestReading, TestResult } from "@sintonia/proto/sintonia/v1/study";
import { useProgress, useReader, useTexts } from "../../part/context.js";

/** The figures of the best model on the test split. */
export function TestFact() {
  const { study } = useProgress();
  return <TestFigures test={study.test} metrics={study.testMetrics} />;
}

/** What a reading of the test split measured: our figures of a model, or those of a program. */
export function TestFigures({ test, metrics }: Pick<TestReading, "test" | "metrics">) {
  const reader = useReader();
  if (test !== undefined) return <Measured test={test} />;
  const figures = Object.entries(metrics);
  return <>{figures.map(([name, value]) => `${name} ${reader.number(value)}`).join(", ")}</>;
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
