import type { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";
import { useMemo } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import { timelineHeight, timelinePlot } from "../../../plot/timeline/timeline.js";
import { isOver } from "../../../store/study/state/states.js";
import { Chart } from "../../chart/chart.js";
import { usePage, useProgress, useReader, useTexts } from "../../part/context.js";
import { Section } from "../../part/facts.js";
import { useShowTrial } from "../../part/hook/use-show-trial.js";
import { Awaited } from "../../part/notice.js";
import { useEvents } from "../log/use-events.js";

/** Who trained what, and when; idle trainers and lost leases. */
export function TimelineTab() {
  const { timeline: texts } = useTexts();
  const { answer, reload } = useEvents();
  return (
    <Section title={texts.title}>
      <Awaited answer={answer} retry={reload}>
        {(events) =>
          events.some(({ type }) => type === "lease-granted") ? (
            <Timeline events={events} />
          ) : (
            <p class="empty">{texts.none}</p>
          )
        }
      </Awaited>
    </Section>
  );
}

function Timeline({ events }: { events: readonly StudyEvent[] }) {
  const page = usePage();
  const { study } = useProgress();
  const reader = useReader();
  const end = isOver(study) ? study.endedAt : undefined;
  // A reading of the log is the present: bars of running attempts grow with each of them.
  const input = useMemo(() => ({ events, now: (end ?? page.now.peek()).getTime() }), [events, end?.getTime(), page]);
  const draw = useMemo(() => (size: Size) => timelinePlot(input, { size, reader }), [input, reader]);
  return (
    <Chart
      name={`${study.id}-timeline`}
      reader={reader}
      draw={draw}
      height={timelineHeight(input)}
      onSelect={useShowTrial()}
    />
  );
}
