import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { Goal, Selection, SelectionRule } from "@sintonia/proto/sintonia/v1/study";
import type { Language } from "../text/language.js";
import type { Section } from "./content/block.js";
import { REPORT_FORMAT } from "./document.js";
import { reportHtml } from "./html.js";
import { markdown } from "./markdown.js";
import { endedStudy, endedTrials } from "./report.fixture.js";
import { reportSections } from "./sections.js";

const ORIGIN = { version: "0.1.0", writtenAt: "2026-01-02T03:04:05Z" };

function sections(language: Language = "en"): readonly Section[] {
  return reportSections({ study: endedStudy(), trials: endedTrials(), origin: ORIGIN }, language);
}

describe("the text of a report", () => {
  it("names the selected trial, its interval, and its ties", () => {
    const text = markdown("mnist-init", sections());
    assert.match(text, /Trial 01 was selected: the best posterior mean\. Its values: stddev = 0\.037\./);
    assert.match(text, /0\.9847 \(95 % interval 0\.9840 to 0\.9854\)|0\.98471 \(95 % interval 0\.98402 to 0\.9854\)/);
    assert.match(text, /Tied with trial 01 \(.*\): 00\./);
    assert.match(text, /Trial 00 has the best measured objective/);
  });

  it("puts the test figures beside the published ones", () => {
    const text = markdown("mnist-init", sections());
    assert.match(text, /\| accuracy \| 98\.45% \| 98\.19% – 98\.67% \| 98\.45% \|/);
    assert.match(text, /\| val\\_accuracy \| 98\.51% \| {2}\| 98\.51% \|/);
  });

  it("tells objectives apart that differ in the fifth digit", () => {
    const text = markdown("mnist-init", sections());
    assert.match(text, /\| 00 \| 0\.05 \| 0\.98512 \| 40 \| 1 min 1 s \| completed \|/);
    assert.match(text, /\| 01 \\\* \| 0\.037 \| 0\.98508 \|/);
  });

  it("is written in Spanish with Spanish numbers", () => {
    const text = markdown("mnist-init", sections("es"));
    assert.match(text, /## Conjunto de test/);
    assert.match(text, /\| accuracy \| 98,45\s%/);
    assert.match(text, /stddev = 0,037/);
  });

  it("writes a seed without separators of thousands, and the layers of the model", () => {
    const text = markdown("mnist-init", sections());
    assert.match(text, /\| seed \| 2300 \|/);
    assert.match(text, /units: 800, kernelInitializer: RandomNormal\(stddev: \$stddev\)/);
  });

  it("has the front of several objectives with its intervals, and the limits in the set-up", () => {
    const study = endedStudy();
    const spec = JSON.parse(study.specJson);
    const objectives = [
      { metric: "val_accuracy", goal: "maximize" },
      { metric: "latency_ms", goal: "minimize" },
    ];
    const expected = { mean: 3, low: 2.9, high: 3.1 };
    const member = (trialId: string, latency: number) => ({
      trialId,
      outcomes: [
        { name: "val_accuracy", measured: 0.985, expected: undefined },
        { name: "latency_ms", measured: latency, expected },
      ],
    });
    const text = markdown(
      "x",
      reportSections(
        {
          study: {
            ...study,
            specJson: JSON.stringify({ ...spec, objectives, limits: ["parameters <= 9"] }),
            objectives: objectives.map(({ metric }) => ({ metric, goal: Goal.MAXIMIZE })),
            limits: ["parameters <= 9"],
            selection: Selection.fromPartial({
              rule: SelectionRule.KNEE,
              trialId: "01",
              expected,
              front: [member("00", 2), member("01", 3)],
            }),
          },
          trials: endedTrials(),
          origin: ORIGIN,
        },
        "en",
      ),
    );
    assert.match(text, /Trial 01 was selected: the trial of the front that is nearest to the best of all objectives/);
    assert.doesNotMatch(text, /[Tt]ied with trial/);
    assert.match(text, /## Front/);
    assert.match(text, /\| 01 \\\* \| 0\.985 \| {2}\| 3 \| 2\.9 – 3\.1 \|/);
    assert.match(text, /\| objective \| val\\_accuracy \(maximize\), latency\\_ms \(minimize\) \|/);
    assert.match(text, /\| limits \| parameters/);
    assert.match(text, /\| picked trial \| knee \|/);
  });

  it("has no figures of the test split before it is read", () => {
    const study = { ...endedStudy(), test: undefined };
    const text = markdown("x", reportSections({ study, trials: endedTrials(), origin: ORIGIN }, "en"));
    assert.match(text, /The test split has not been read\./);
  });
});

describe("the file of a report", () => {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
  const html = (title: string): string =>
    reportHtml({
      title,
      locale: "en",
      bundle: { script: 'const end = "</script>";', style: "p { margin: 0 }" },
      document: { format: REPORT_FORMAT, ...ORIGIN, studyId: "x", answers: { "/a": "</script><b>" } },
      sections: sections(),
      sha256,
    });

  it("allows its own script and style alone", () => {
    const script = /<script type="module">([\s\S]*)<\/script><\/body>/.exec(html("x"))?.[1] ?? "";
    assert.equal(script, 'const end = "<\\/script>";');
    assert.ok(html("x").includes(`script-src 'sha256-${sha256(script)}'`));
    assert.ok(html("x").includes(`style-src 'sha256-${sha256("p { margin: 0 }")}'`));
  });

  it("keeps data and title from becoming markup", () => {
    const data = /id="sintonia-report">(.*)<\/script>/.exec(html("x"))?.[1] ?? "";
    assert.deepEqual(JSON.parse(data).answers, { "/a": "</script><b>" });
    assert.ok(!data.includes("<"));
    assert.ok(html('<b>"').includes("<title>&lt;b&gt;&quot;</title>"));
  });

  it("shows the text to a reader without JavaScript", () => {
    assert.match(html("x"), /<td class="figure">0\.98512<\/td>/);
  });
});
