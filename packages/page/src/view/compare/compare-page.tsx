import { usePage, useTexts } from "../part/context.js";
import { Notice } from "../part/notice.js";
import { Switch } from "../part/option.js";
import { StudyScope } from "../study/study-scope.js";
import { ComparedStudies } from "./compared-studies.js";
import { ComparedTrials } from "./compared-trials.js";

/** Trials of one study side by side, or studies. The address names them. */
export function ComparePage() {
  const query = usePage().navigation.query.value;
  const { compare: texts } = useTexts();
  const [studies, trials] = [query.getAll("study"), query.getAll("trial")];
  const [study] = studies;
  if (study === undefined) {
    return (
      <>
        <h1>{texts.title}</h1>
        <Notice kind="info">{texts.empty}</Notice>
      </>
    );
  }
  return (
    <>
      <div class="title-bar">
        <h1>{trials.length > 0 ? texts.trialsOf(study) : texts.title}</h1>
        <Switch label={texts.onlyDifferences} parameter="differences" />
      </div>
      {trials.length > 0 ? (
        <StudyScope id={study}>
          <ComparedTrials ids={trials} />
        </StudyScope>
      ) : (
        <ComparedStudies ids={studies} />
      )}
    </>
  );
}
