import type { Language } from "@sintonia/page/report/text/words";

/** Languages of reports. */
export const LANGUAGES: readonly Language[] = ["en", "es"];

/** Returns the language of the environment if reports have it, else English. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return LANGUAGES.find((language) => locale.startsWith(language)) ?? "en";
}
