import type { ReportDocument } from "../report/document.js";
import { THEMES, type Theme } from "../store/preference/preferences.js";
import type { Route } from "../store/route/route.js";
import { isLanguage, LANGUAGES } from "../text/language.js";
import { usePage, useTexts } from "../view/part/context.js";
import { Link } from "../view/part/link.js";
import { HELP_DIALOG } from "./keyboard-help.js";
import { endSession } from "./session.js";

/** The bar at the top: pages, the reader, language and colours. */
export function Header() {
  const page = usePage();
  const texts = useTexts();
  const route = page.navigation.route.value;
  return (
    <header class="site">
      <Link to={homeOf(page.report)} class="logo">
        Sintonia
      </Link>
      <nav aria-label={texts.site.menu}>
        {page.mode === "server" && (
          <Link to={{ page: "studies" }} current={route.page === "studies"}>
            {texts.site.studies}
          </Link>
        )}
        {page.mode === "server" && (
          <Link to={{ page: "trainers" }} current={route.page === "trainers"}>
            {texts.site.trainers}
          </Link>
        )}
      </nav>
      <div class="settings">
        <Reader />
        <ThemeSwitch />
        <LanguageSwitch />
        <button type="button" title={texts.site.help} aria-label={texts.site.help} onClick={showHelp}>
          ?
        </button>
      </div>
    </header>
  );
}

/** A report has no page but those of its study. */
function homeOf(report: ReportDocument | undefined): Route {
  return report === undefined ? { page: "studies" } : { page: "study", study: report.studyId, tab: "overview" };
}

function Reader() {
  const page = usePage();
  const texts = useTexts();
  const caller = page.caller.value;
  if (page.mode === "report") return <span class="quiet">{texts.site.report}</span>;
  if (caller === undefined || caller.name === "") return null;
  const { operator = "", viewer = "" } = texts.site.roles;
  const role = caller.isOperator ? operator : viewer;
  // Open doors know nobody, and take every reader for an operator.
  if (caller.name === role) return <span class="quiet reader">{role}</span>;
  const leave = async (): Promise<void> => {
    const fault = await endSession(page);
    if (fault !== undefined) page.notice.value = fault.message;
  };
  return (
    <>
      <span class="quiet reader">{texts.site.signedIn(caller.name, role)}</span>
      <button type="button" onClick={() => void leave()}>
        {texts.site.signOut}
      </button>
    </>
  );
}

function ThemeSwitch() {
  const { theme } = usePage().preferences;
  const texts = useTexts();
  return (
    <select
      aria-label={texts.site.theme}
      value={theme.value}
      onChange={({ currentTarget }) => {
        theme.value = currentTarget.value as Theme;
      }}
    >
      {THEMES.map((name) => (
        <option key={name} value={name}>
          {texts.site.themes[name]}
        </option>
      ))}
    </select>
  );
}

function LanguageSwitch() {
  const { language } = usePage().preferences;
  const texts = useTexts();
  return (
    <select
      aria-label={texts.site.language}
      value={language.value}
      onChange={({ currentTarget: { value } }) => {
        if (isLanguage(value)) language.value = value;
      }}
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

function showHelp(): void {
  (document.getElementById(HELP_DIALOG) as HTMLDialogElement | null)?.showModal();
}
