import type { ComponentChildren } from "preact";
import { STUDY_TABS, type StudyTab } from "../../store/route/route.js";
import { studyStateName } from "../../store/study/state/states.js";
import { StudyActions } from "../action/study-actions.js";
import { Badge } from "../part/badge.js";
import { useFollowedStudy, usePage, useProgress, useTexts } from "../part/context.js";
import { Link } from "../part/link.js";
import { ReportText } from "../report/report-text.js";
import { CurvesTab } from "./curve/curves-tab.js";
import { StudyHeader } from "./header/study-header.js";
import { EventsTab } from "./log/events-tab.js";
import { Overview } from "./overview.js";
import { ParametersTab } from "./parameter/parameters-tab.js";
import { SpecTab } from "./spec-tab.js";
import { TrialsTab } from "./table/trials-tab.js";
import { TimelineTab } from "./timeline/timeline-tab.js";

/** Views of the tabs. */
const TABS: Readonly<Record<StudyTab, () => ComponentChildren>> = {
  overview: () => <Overview />,
  trials: () => <TrialsTab />,
  curves: () => <CurvesTab />,
  parameters: () => <ParametersTab />,
  timeline: () => <TimelineTab />,
  events: () => <EventsTab />,
  spec: () => <SpecTab />,
};

/** A study: its header, and the chosen tab. */
export function StudyPage({ tab }: { tab: StudyTab }) {
  const { study } = useProgress();
  const { report } = usePage();
  return (
    <>
      <div class="title-bar">
        <h1>{study.id}</h1>
        <Badge state={studyStateName(study)} />
        <ConnectionMark />
        <StudyActions />
      </div>
      {study.name !== study.id && <p class="quiet subtitle">{study.name}</p>}
      <StudyHeader />
      <Tabs study={study.id} tab={tab} />
      {TABS[tab]()}
      {report !== undefined && tab === "overview" && <ReportText document={report} />}
    </>
  );
}

function Tabs({ study, tab }: { study: string; tab: StudyTab }) {
  const texts = useTexts();
  return (
    <nav class="tabs" aria-label={study}>
      {STUDY_TABS.map((name) => (
        <Link key={name} to={{ page: "study", study, tab: name }} current={name === tab}>
          {texts.study.tabs[name]}
        </Link>
      ))}
    </nav>
  );
}

/** The mode of the connection, told while it matters. */
export function ConnectionMark() {
  const connection = useFollowedStudy().connection.value;
  const texts = useTexts();
  if (usePage().mode === "report" || connection === "ended") return null;
  return <span class={`connection ${connection}`}>{texts.connection[connection]}</span>;
}
