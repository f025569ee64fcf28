import type { JSX } from "preact";
import type { Cell, Table } from "../../chart/scene/table.js";
import type { Reader } from "../../text/reader.js";

/** Rows that the page shows. Exports have all of them. */
const ROWS_MAX = 500;

/** Shows the figures of a chart as a table. */
export function DataTable(props: {
  readonly table: Table;
  readonly title: string;
  readonly reader: Reader;
}): JSX.Element {
  const { table, title, reader } = props;
  const rows = table.rows.slice(0, ROWS_MAX);
  const count =
    rows.length < table.rows.length ? ` (${reader.number(rows.length)} / ${reader.number(table.rows.length)})` : "";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll the table.
    <section class="chart-table" tabIndex={0} aria-label={title}>
      <table>
        <caption>{`${title}${count}`}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{row.map((cell, place) => cellOf(cell, place, reader))}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cellOf(cell: Cell, place: number, reader: Reader): JSX.Element {
  if (place === 0) return <th scope="row">{cell}</th>;
  return typeof cell === "number" ? <td class="number">{reader.number(cell)}</td> : <td>{cell}</td>;
}
