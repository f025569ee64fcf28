// The shipped rules, as promtool evaluates them: each fires on its fault after its time.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { goPrograms, PROMETHEUS } from "@sintonia/scripts/go/programs";
import { stringify } from "yaml";
import { ROOT } from "../deploy/repository.js";
import { ALERTS, alertRules, PROGRAMS_MISSING } from "./alert-rules.js";
import { dashboardQueries } from "./dashboard.js";
import { documentedMetrics, metricNamesIn, seriesNames } from "./documented-metrics.js";
import { promtool } from "./prometheus-server.js";
import { RULE_CASES, type Series } from "./rule-cases.js";

const programs = goPrograms(PROMETHEUS) ?? "";

/** Metrics that the dashboard leaves out: alerts show them, or another one shows the same. */
const HIDDEN = [
  "sintonia_leader_term",
  "sintonia_leases_granted_total",
  "sintonia_log_records_mended_total",
  "sintonia_store_durable",
];

/** Returns a test of promtool: whether an alert fires at a time. Series have a value a minute. */
function testOf(alert: string, series: Series, { at, fires }: { readonly at: string; readonly fires: boolean }) {
  const expr = `count(ALERTS{alertname="${alert}", alertstate="firing"}) or vector(0)`;
  const exp_samples = [{ labels: "{}", value: fires ? 1 : 0 }];
  return {
    name: `${alert} ${fires ? "fires" : "does not fire"} at ${at}`,
    interval: "1m",
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [{ expr, eval_time: at, exp_samples }],
  };
}

it("the dashboard names only metrics that exist, and all but a few of them", () => {
  const documented = documentedMetrics();
  const known = new Set(documented.flatMap(seriesNames));
  const shown = dashboardQueries().flatMap(({ expression }) => metricNamesIn(expression));
  for (const name of shown.filter((name) => name.startsWith("sintonia_"))) assert.ok(known.has(name), name);
  const hidden = documented.filter((metric) => !seriesNames(metric).some((name) => shown.includes(name)));
  assert.deepEqual(hidden.map(({ name }) => name).sort(), HIDDEN);
});

describe("the alert rules", () => {
  it("have a case each", () => {
    assert.deepEqual(
      Object.keys(RULE_CASES).sort(),
      alertRules()
        .map(({ alert }) => alert)
        .sort(),
    );
  });

  it("name only metrics that exist", () => {
    const known = new Set(documentedMetrics().flatMap(seriesNames));
    for (const { alert, expr } of alertRules()) {
      const names = metricNamesIn(expr);
      assert.ok(names.length > 0, alert);
      for (const name of names) assert.ok(known.has(name), `${alert}: ${name}`);
    }
  });

  it("lead to a chapter of docs/operations.md", () => {
    const page = readFileSync(join(ROOT, "docs", "operations.md"), "utf8");
    for (const { alert, annotations, labels } of alertRules()) {
      assert.equal(annotations["runbook_url"], `docs/operations.md#${alert.toLowerCase()}`);
      assert.ok(page.includes(`\n### ${alert}\n`), alert);
      assert.match(labels["severity"] ?? "", /^(critical|warning)$/);
    }
  });

  it("fire on their faults after their time, and not without", {
    skip: programs === "" ? PROGRAMS_MISSING : false,
  }, (context) => {
    const folder = mkdtempSync(join(tmpdir(), "sintonia-rules-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const tests = Object.entries(RULE_CASES).flatMap(([alert, { faulty, early, late, sound }]) => [
      testOf(alert, faulty, { at: early, fires: false }),
      testOf(alert, faulty, { at: late, fires: true }),
      testOf(alert, sound, { at: late, fires: false }),
    ]);
    const file = join(folder, "tests.yaml");
    writeFileSync(file, stringify({ rule_files: [ALERTS], evaluation_interval: "1m", tests }));
    promtool(programs, ["check", "rules", "--lint=all", "--lint-fatal", ALERTS]);
    promtool(programs, ["test", "rules", file]);
    const [first] = tests;
    const wrong = {
      ...first,
      promql_expr_test: testOf("SintoniaNoLeader", {}, { at: "1h", fires: false }).promql_expr_test,
    };
    writeFileSync(file, stringify({ rule_files: [ALERTS], evaluation_interval: "1m", tests: [wrong] }));
    assert.throws(() => promtool(programs, ["test", "rules", file]), /FAILED/);
  });
});
