import type { ComponentChildren } from "preact";
import type { Parameters } from "../../store/route/navigation.js";
import type { Route } from "../../store/route/route.js";
import { usePage } from "./context.js";

interface LinkProps {
  readonly to: Route;
  readonly parameters?: Parameters;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** A link to a route of the page, which the browser may also open in a new tab. */
export function Link({ to, parameters, class: className, current, label, children }: LinkProps) {
  const { navigation } = usePage();
  const href = navigation.href(to, parameters);
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigation.go(href);
  };
  return (
    <a href={href} class={className} onClick={follow} aria-current={current ? "page" : undefined} aria-label={label}>
      {children}
    </a>
  );
}

/** A link to a trial of a study. */
export function TrialLink({ study, trial, children }: { study: string; trial: string; children?: ComponentChildren }) {
  return <Link to={{ page: "trial", study, trial }}>{children ?? trial}</Link>;
}

/** A link to a study. */
export function StudyLink({ study, children }: { study: string; children?: ComponentChildren }) {
  return <Link to={{ page: "study", study, tab: "overview" }}>{children ?? study}</Link>;
}
