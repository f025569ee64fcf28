import type { Block, TableBlock } from "../../report/content/block.js";
import type { ReportDocument } from "../../report/document.js";
import { reportSections } from "../../report/sections.js";
import { usePage, useProgress } from "../part/context.js";
import { TableBox } from "../part/table/data-table.js";

/** The text of a report, below its pictures. */
export function ReportText({ document }: { document: ReportDocument }) {
  const { study, trials } = useProgress();
  const language = usePage().preferences.language.value;
  const { version, writtenAt } = document;
  const source = { study, trials: [...trials.values()], origin: { version, writtenAt } };
  return (
    <article class="report">
      {reportSections(source, language).map(({ id, title, blocks }) => (
        <section key={id} class="card">
          <h2>{title}</h2>
          {blocks.map((block, index) => (
            <BlockView key={index} block={block} title={title} />
          ))}
        </section>
      ))}
    </article>
  );
}

function BlockView({ block, title }: { block: Block; title: string }) {
  switch (block.kind) {
    case "paragraph":
      return <p>{block.text}</p>;
    case "table":
      return <TableView table={block} title={title} />;
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls the box
        <pre class="code" tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
  }
}

function TableView({ table: { header, rows, figures }, title }: { table: TableBlock; title: string }) {
  const kind = (column: number): string | undefined => (figures.includes(column) ? "number" : undefined);
  return (
    <TableBox label={`${title}: ${header[0]}`}>
      <thead>
        <tr>
          {header.map((cell, column) => (
            <th key={cell} class={kind(column)}>
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={header[column]} class={kind(column)}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
