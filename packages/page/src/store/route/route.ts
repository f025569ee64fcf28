// Addresses of the page. Everything that a person looks at has an address.

import { parse } from "regexparam";

/** Tabs of a study, in their order. The first one has no segment in the address. */
export const STUDY_TABS = ["overview", "trials", "curves", "parameters", "timeline", "events", "spec"] as const;

/** Tab of a study. */
export type StudyTab = (typeof STUDY_TABS)[number];

/** What an address shows. */
export type Route =
  | { readonly page: "studies" }
  | { readonly page: "study"; readonly study: string; readonly tab: StudyTab }
  | { readonly page: "trial"; readonly study: string; readonly trial: string }
  | { readonly page: "compare" }
  | { readonly page: "trainers" }
  | { readonly page: "unknown" };

type Parameters = Readonly<Record<string, string>>;

interface Pattern {
  readonly expression: RegExp;
  readonly keys: readonly string[];
  readonly route: (parameters: Parameters) => Route;
}

const UNKNOWN: Route = { page: "unknown" };

const PATTERNS: readonly Pattern[] = [
  pattern("/", () => ({ page: "studies" })),
  pattern("/studies", () => ({ page: "studies" })),
  pattern("/studies/:study", ({ study = "" }) => ({ page: "study", study, tab: "overview" })),
  pattern("/studies/:study/trials/:trial", ({ study = "", trial = "" }) => ({ page: "trial", study, trial })),
  pattern("/studies/:study/:tab", ({ study = "", tab = "" }) => (isTab(tab) ? { page: "study", study, tab } : UNKNOWN)),
  pattern("/compare", () => ({ page: "compare" })),
  pattern("/trainers", () => ({ page: "trainers" })),
];

/** Returns what a path shows. */
export function routeOf(path: string): Route {
  for (const { expression, keys, route } of PATTERNS) {
    const match = expression.exec(path);
    if (match === null) continue;
    return route(Object.fromEntries(keys.map((key, i) => [key, decoded(match[i + 1] ?? "")])));
  }
  return UNKNOWN;
}

/** Returns the path of a route. */
export function pathOfRoute(route: Route): string {
  switch (route.page) {
    case "study": {
      const tab = route.tab === "overview" ? "" : `/${route.tab}`;
      return `/studies/${encodeURIComponent(route.study)}${tab}`;
    }
    case "trial":
      return `/studies/${encodeURIComponent(route.study)}/trials/${encodeURIComponent(route.trial)}`;
    case "compare":
      return "/compare";
    case "trainers":
      return "/trainers";
    default:
      return "/";
  }
}

function pattern(path: string, route: Pattern["route"]): Pattern {
  const { keys, pattern: expression } = parse(path);
  return { expression, keys, route };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isTab(tab: string): tab is StudyTab {
  return tab !== "overview" && (STUDY_TABS as readonly string[]).includes(tab);
}
