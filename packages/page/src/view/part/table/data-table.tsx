import type { ComponentChildren } from "preact";
import { filtered, type Order, orderOf, orderText, pageOf, type SortValue, sorted } from "../../../store/table/rows.js";
import { usePage, useReader, useTexts } from "../context.js";

/** A column of a table. */
export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Value for sorting; without it the column is not sortable. */
  readonly sort?: (row: Row) => SortValue;
  /** True for numbers, which are aligned at the right. */
  readonly numeric?: boolean;
}

/** Rows on a page: enough to scroll, few enough to render in a frame. */
const PAGE_ROWS = 100;

interface TableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Text that the filter searches. */
  readonly rowText: (row: Row) => string;
  readonly filterLabel: string;
  readonly noMatch: string;
  readonly initialOrder: Order;
  readonly rowClass?: (row: Row) => string;
  /** Further controls beside the filter. */
  readonly controls?: ComponentChildren;
}

/** A table with filter, order and pages, all of which stand in the address. */
export function DataTable<Row>(props: TableProps<Row>) {
  const { navigation } = usePage();
  const query = navigation.query.value;
  const order =
    orderOf(
      query.get("sort"),
      props.columns.map(({ name }) => name),
    ) ?? props.initialOrder;
  const value = props.columns.find(({ name }) => name === order.column)?.sort;
  const matching = filtered(props.rows, query.get("filter") ?? "", props.rowText);
  const ordered = value === undefined ? matching : sorted(matching, value, order.descending);
  const page = pageOf(ordered, Number(query.get("page") ?? 1), PAGE_ROWS);
  return (
    <div class="data-table">
      <TableBar {...props} filter={query.get("filter") ?? ""} shown={matching.length} />
      <TableBox label={props.label}>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <HeaderCell key={column.name} column={column} order={order} />
            ))}
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row) => (
            <tr key={props.rowKey(row)} class={props.rowClass?.(row)}>
              {props.columns.map(({ name, cell, numeric }) => (
                <td key={name} class={numeric ? "number" : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableBox>
      {matching.length === 0 && <p class="empty">{props.noMatch}</p>}
      {page.pages > 1 && <Pager page={page.page} pages={page.pages} />}
    </div>
  );
}

/** A table in a box that scrolls, so that the page itself never scrolls sideways. */
export function TableBox({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls the box
    <section class="table-box" tabIndex={0} aria-label={label}>
      <table>{children}</table>
    </section>
  );
}

function TableBar<Row>(props: TableProps<Row> & { readonly filter: string; readonly shown: number }) {
  const { navigation } = usePage();
  const [texts, reader] = [useTexts(), useReader()];
  return (
    <div class="table-bar">
      <input
        type="search"
        class="filter"
        value={props.filter}
        placeholder={props.filterLabel}
        aria-label={props.filterLabel}
        onInput={({ currentTarget }) => navigation.set({ filter: currentTarget.value, page: undefined })}
      />
      {props.controls}
      <span class="quiet" role="status">
        {texts.common.rows(reader.number(props.shown, 9), reader.number(props.rows.length, 9))}
      </span>
    </div>
  );
}

function HeaderCell<Row>({ column, order }: { column: Column<Row>; order: Order }) {
  const { navigation } = usePage();
  const texts = useTexts();
  const className = column.numeric ? "number" : undefined;
  // A header without a text would be read aloud as an empty one.
  if (column.title === "") return <td class={className} />;
  if (column.sort === undefined) return <th class={className}>{column.title}</th>;
  const isChosen = order.column === column.name;
  const next: Order = { column: column.name, descending: isChosen && !order.descending };
  return (
    <th class={className} aria-sort={isChosen ? (order.descending ? "descending" : "ascending") : undefined}>
      <button
        type="button"
        class="sort"
        title={texts.common.sortBy(column.title)}
        onClick={() => navigation.set({ sort: orderText(next), page: undefined })}
      >
        {column.title}
        <span aria-hidden="true">{isChosen ? (order.descending ? " ▾" : " ▴") : ""}</span>
      </button>
    </th>
  );
}

function Pager({ page, pages }: { page: number; pages: number }) {
  const { navigation } = usePage();
  const texts = useTexts();
  const go = (to: number): void => navigation.set({ page: to === 1 ? undefined : String(to) });
  return (
    <nav class="pager" aria-label={texts.common.page(page, pages)}>
      <button type="button" disabled={page === 1} onClick={() => go(page - 1)} aria-label={texts.common.previous}>
        ←
      </button>
      <span>{texts.common.page(page, pages)}</span>
      <button type="button" disabled={page === pages} onClick={() => go(page + 1)} aria-label={texts.common.next}>
        →
      </button>
    </nav>
  );
}
