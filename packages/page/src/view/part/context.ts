import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Page } from "../../store/page.js";
import type { FollowedStudy } from "../../store/study/followed-study.js";
import type { StudyProgress } from "../../store/study/progress.js";
import type { Texts } from "../../text/en.js";
import type { Reader } from "../../text/reader.js";

const PageContext = createContext<Page | undefined>(undefined);
const StudyContext = createContext<FollowedStudy | undefined>(undefined);

/** Gives the page to the views inside. */
export const PageProvider = PageContext.Provider;

/** Gives the followed study to the views inside. */
export const StudyProvider = StudyContext.Provider;

/** Returns the page. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("a view outside the page");
  return page;
}

/** Returns the followed study. */
export function useFollowedStudy(): FollowedStudy {
  const study = useContext(StudyContext);
  if (study === undefined) throw new Error("a view outside a study");
  return study;
}

/** Returns the latest state of the followed study, for views that wait for its first update. */
export function useProgress(): StudyProgress {
  const progress = useFollowedStudy().progress.value;
  if (progress === undefined) throw new Error("a view before the first update");
  return progress;
}

/** Returns the texts in the reader's language. */
export function useTexts(): Texts {
  return usePage().preferences.texts.value;
}

/** Returns the reader's numbers and dates. */
export function useReader(): Reader {
  return usePage().preferences.reader.value;
}
