import assert from "node:assert/strict";
import { test } from "node:test";
import { type AddressBar, startNavigation } from "./navigation.js";
import { pathOfRoute, type Route, routeOf, STUDY_TABS } from "./route.js";

test("every route survives its address", () => {
  const routes: Route[] = [
    { page: "studies" },
    ...STUDY_TABS.map((tab): Route => ({ page: "study", study: "a-1", tab })),
    { page: "trial", study: "a-1", trial: "007" },
    { page: "compare" },
    { page: "trainers" },
  ];
  for (const route of routes) assert.deepEqual(routeOf(pathOfRoute(route)), route);
});

test("an unknown tab and a broken escape are unknown pages or plain text, not faults", () => {
  assert.deepEqual(routeOf("/studies/a/other"), { page: "unknown" });
  assert.deepEqual(routeOf("/studies/%E0%A4%A"), { page: "study", study: "%E0%A4%A", tab: "overview" });
});

function memoryBar(address: string): AddressBar & { steps: string[] } {
  const steps: string[] = [];
  return { steps, read: () => address, write: (to, mode) => steps.push(`${mode} ${to}`), onChange: () => undefined };
}

test("a link of a report stays within its file", () => {
  const bar = memoryBar("/");
  const navigation = startNavigation(bar, "#");
  const href = navigation.href({ page: "compare" }, { study: "a", trial: ["1", "2"] });
  navigation.go(href);
  assert.deepEqual([href, bar.steps], ["#/compare?study=a&trial=1&trial=2", ["push /compare?study=a&trial=1&trial=2"]]);
  assert.deepEqual(navigation.route.value, { page: "compare" });
});

test("the state of a view changes the address without a step in the history", () => {
  const bar = memoryBar("/studies/a/trials?filter=x&page=2");
  const navigation = startNavigation(bar);
  navigation.set({ filter: "", page: undefined, sort: "-objective" });
  assert.deepEqual(bar.steps, ["replace /studies/a/trials?sort=-objective"]);
  assert.equal(navigation.query.value.get("sort"), "-objective");
});
