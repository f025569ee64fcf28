import { useEffect } from "preact/hooks";
import type { Route } from "../store/route/route.js";
import type { Texts } from "../text/en.js";
import { useTexts } from "../view/part/context.js";

/** Sets the title of the document. */
export function useTitle(route: Route): void {
  const texts = useTexts();
  const title = titleOf(route, texts);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Returns the title of a route, the most specific part first. */
export function titleOf(route: Route, texts: Texts): string {
  return [...partsOf(route, texts), "Sintonia"].join(" · ");
}

function partsOf(route: Route, texts: Texts): string[] {
  switch (route.page) {
    case "study":
      return [...(route.tab === "overview" ? [] : [texts.study.tabs[route.tab]]), route.study];
    case "trial":
      return [texts.trial.title(route.trial), route.study];
    case "compare":
      return [texts.compare.title];
    case "trainers":
      return [texts.trainers.title];
    default:
      return [texts.studies.title];
  }
}
