import type { ComponentChildren } from "preact";

/** A fact: its name and its value. Facts without a value are left out. */
export type FactRow = readonly [name: string, value: ComponentChildren];

/** A list of facts. */
export function Facts({ rows, class: className = "" }: { rows: readonly FactRow[]; class?: string }) {
  const shown = rows.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  return (
    <dl class={`facts ${className}`}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A time, with its machine-readable form. */
export function Time({ at, text }: { at: Date; text: string }) {
  return <time dateTime={at.toISOString()}>{text}</time>;
}

/** A part of a page with a heading. */
export function Section(props: { title: string; children: ComponentChildren; aside?: ComponentChildren; id?: string }) {
  return (
    <section class="card" id={props.id}>
      <header>
        <h2>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
