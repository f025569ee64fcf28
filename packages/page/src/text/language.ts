import { en, type Texts } from "./en.js";
import { es } from "./es.js";

/** Language of the page. */
export type Language = "en" | "es";

/** Languages by the name that their readers use. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", es: "Español" };

/** Returns true for the code of a language of the page. */
export function isLanguage(code: unknown): code is Language {
  return typeof code === "string" && Object.hasOwn(LANGUAGES, code);
}

/** Returns the first language of the page among the reader's languages, else English. */
export function languageOf(languages: readonly string[]): Language {
  for (const tag of languages) {
    const code = tag.split("-", 1)[0];
    if (isLanguage(code)) return code;
  }
  return "en";
}

/** Returns the reader's locale of a language: "es-MX" for Spanish if the browser prefers it. */
export function localeOf(language: Language, languages: readonly string[]): string {
  return languages.find((tag) => tag.split("-", 1)[0] === language) ?? language;
}

/** Returns the texts of a language. */
export function textsOf(language: Language): Texts {
  return language === "es" ? es : en;
}
