import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type FollowedStudy, followStudy } from "../../store/study/followed-study.js";
import { StudyProvider, usePage, useTexts } from "../part/context.js";
import { FaultNotice } from "../part/notice.js";

/** Follows a study while any of its views is shown. */
export function StudyScope({ id, children }: { id: string; children: ComponentChildren }) {
  const page = usePage();
  const isSignedOut = page.isSignedOut.value;
  const [followed, setFollowed] = useState<FollowedStudy | undefined>(undefined);
  useEffect(() => {
    if (isSignedOut) return undefined;
    const next = followStudy(page, id);
    setFollowed(next);
    return next.stop;
  }, [page, id, isSignedOut]);
  if (followed === undefined || followed.id !== id) return <Waiting />;
  return (
    <StudyProvider value={followed}>
      <Content followed={followed}>{children}</Content>
    </StudyProvider>
  );
}

function Content({ followed, children }: { followed: FollowedStudy; children: ComponentChildren }) {
  const { progress, fault } = followed;
  const isKnown = progress.value !== undefined;
  return (
    <>
      {fault.value && <FaultNotice fault={fault.value} retry={followed.restart} />}
      {isKnown ? children : fault.value === undefined && <Waiting />}
    </>
  );
}

function Waiting() {
  return <p class="loading">{useTexts().common.loading}</p>;
}
