import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Route } from "../store/route/route.js";
import { ComparePage } from "../view/compare/compare-page.js";
import { usePage, useTexts } from "../view/part/context.js";
import { Link } from "../view/part/link.js";
import { Notice } from "../view/part/notice.js";
import { StudiesPage } from "../view/studies/studies-page.js";
import { StudyPage } from "../view/study/study-page.js";
import { StudyScope } from "../view/study/study-scope.js";
import { TrainersPage } from "../view/trainers/trainers-page.js";
import { TrialPage } from "../view/trial/trial-page.js";
import { Header } from "./header.js";
import { KeyboardHelp } from "./keyboard-help.js";
import { SignInForm } from "./sign-in-form.js";
import { useTitle } from "./title.js";

/** The whole page. */
export function App() {
  const page = usePage();
  const texts = useTexts();
  const route = page.navigation.route.value;
  useTitle(route);
  return (
    <>
      <button type="button" class="skip" onClick={skipToMain}>
        {texts.site.skip}
      </button>
      <Header />
      <Main route={route}>{page.isSignedOut.value ? <SignInForm /> : <Shown route={route} />}</Main>
      <p class="toast" role="status">
        {page.notice.value}
      </p>
      <KeyboardHelp />
    </>
  );
}

/** Moves the focus. A link would change the fragment, which in a report names the view. */
function skipToMain(): void {
  document.getElementById("main")?.focus();
}

/** The main part. It gets the focus when the reader goes to another page. */
function Main({ route, children }: { route: Route; children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const place = placeOf(route);
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [place]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {children}
    </main>
  );
}

function Shown({ route }: { route: Route }) {
  switch (route.page) {
    case "studies":
      return <StudiesPage />;
    case "study":
      return (
        <StudyScope id={route.study}>
          <StudyPage tab={route.tab} />
        </StudyScope>
      );
    case "trial":
      return (
        <StudyScope id={route.study}>
          <TrialPage id={route.trial} />
        </StudyScope>
      );
    case "compare":
      return <ComparePage />;
    case "trainers":
      return <TrainersPage />;
    default:
      return <Unknown />;
  }
}

function Unknown() {
  const texts = useTexts();
  return (
    <Notice kind="warning">
      <p>{texts.site.unknown}</p>
      <Link to={{ page: "studies" }}>{texts.site.home}</Link>
    </Notice>
  );
}

/** Returns the name of a page; tabs of one study are one page. */
function placeOf(route: Route): string {
  return [route.page, "study" in route ? route.study : "", "trial" in route ? route.trial : ""].join(" ");
}
