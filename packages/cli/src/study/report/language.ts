import { type Language, languageOf } from "@sintonia/page/text/language";

/** Returns the language of the environment if reports have it, else English. */
export function languageOfEnvironment(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return languageOf([locale.replace(/[_.@].*/, "")]);
}
