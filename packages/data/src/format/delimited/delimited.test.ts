import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { assertFault, readTable, temporaryFolder, valuesOf } from "../../fixture/files.fixture.js";

async function read(t: TestContext, content: string | Uint8Array, options = {}) {
  const path = join(await temporaryFolder(t), "x.csv");
  await writeFile(path, content);
  return readTable(path, "x.csv", options);
}

test("reads quotes, quoted separators and line breaks, doubled quotes and spaces", async (t) => {
  const table = await read(t, 'a, "b" ,c\n1,"x,y",  red \n"2","say ""hi""\nthere",blue\n');
  assert.deepEqual(table.names, ["a", '"b"', "c"]);
  assert.deepEqual(valuesOf(table, "a"), [1, 2]);
  assert.deepEqual(valuesOf(table, '"b"'), ["x,y", 'say "hi"\nthere']);
  assert.deepEqual(valuesOf(table, "c"), ["red", "blue"]);
});

test("reads the same table whatever the line breaks, mark, end and compression", async (t) => {
  const lines = ["a,b", "1,x", "2,y", "", "3,z"];
  for (const content of [
    lines.join("\n"),
    `${lines.join("\n")}\n`,
    lines.join("\r\n"),
    `${lines.join("\r\n")}\r\n`,
    lines.join("\r"),
    `\uFEFF${lines.join("\n")}`,
    gzipSync(lines.join("\n")),
  ]) {
    const table = await read(t, content);
    assert.deepEqual(table.names, ["a", "b"]);
    assert.deepEqual(valuesOf(table, "a"), [1, 2, 3]);
    assert.deepEqual(valuesOf(table, "b"), ["x", "y", "z"]);
    assert.equal(table.rowName(2), "line 5");
  }
});

test("finds the separator in the header, outside of quotes", async (t) => {
  for (const separator of [",", ";", "\t", "|"]) {
    const table = await read(t, [`a${separator}"b, b;"`, `1${separator}2`].join("\n"));
    assert.deepEqual(table.names, ["a", "b, b;"], JSON.stringify(separator));
  }
  assert.deepEqual((await read(t, "a b\n1 2\n", { separator: " " })).names, ["a", "b"]);
  assert.deepEqual((await read(t, "a\n1\n2\n")).names, ["a"]);
});

test("takes the words of pandas as missing values, in columns of numbers and of texts", async (t) => {
  const words = ["", "NA", "NaN", "nan", "null", "NULL", "None", "N/A", "<NA>", '""'];
  const table = await read(t, `a,b\n${words.map((word) => `${word},${word}`).join("\n")}\n1,red\n`);
  assert.deepEqual(valuesOf(table, "a"), [...words.map(() => undefined), 1]);
  assert.deepEqual(valuesOf(table, "b"), [...words.map(() => undefined), "red"]);
});

test("reads a column whose texts begin far behind its numbers as texts from the first row on", async (t) => {
  const rows = Array.from({ length: 60_000 }, (_, row) => (row < 50_000 ? `00${row},1` : `A${row},1`));
  const table = await read(t, `code,x\n${rows.join("\n")}\n`);
  const codes = valuesOf(table, "code");
  assert.equal(codes[0], "000");
  assert.equal(codes[49_999], "0049999");
  assert.equal(codes[50_000], "A50000");
});

test("reads rows across the blocks of the file, with long quoted texts among them", async (t) => {
  const long = "word ".repeat(100_000);
  const rows = Array.from({ length: 200_000 }, (_, row) => (row % 50_000 === 7 ? `${row},"${long}\n"` : `${row},b`));
  const table = await read(t, `a,b\n${rows.join("\n")}`);
  const values = valuesOf(table, "a");
  assert.equal(table.count, 200_000);
  assert.ok(values.every((value, row) => value === row));
  assert.equal(valuesOf(table, "b")[50_007], `${long}\n`);
  assert.equal(table.rowName(199_999), "line 200005");
});

const REFUSED: readonly (readonly [content: string | Uint8Array, message: RegExp])[] = [
  ["", /^x.csv: the file is empty/],
  ["\n\n", /^x.csv: the file has no header line/],
  ["a,b\n", /^x.csv: the file has a header and no rows/],
  ["1,2\n3,4\n", /^x.csv: line 1: expected a header .*, found numbers: 1, 2/],
  ["a,b,a\n1,2,3\n", /^x.csv: line 1: columns 1 and 3 have the same name, "a"/],
  [",a\n0,1\n", /^x.csv: line 1: column 1 of 2 has no name; .*index=False/],
  ["a,b\n1,2\n3\n", /^x.csv: line 3: the row has 1 values, the header has 2/],
  ["a,b\n1,2\n3,4,5\n", /^x.csv: line 3: the row has more values, the header has 2/],
  ['a,b\n1,"x\n2,y\n', /^x.csv: line 2, column b: the quote that opens here is never closed/],
  ['a,b\n1,"x" y\n', /^x.csv: line 2, column b: a text follows a closing quote/],
  ['a,"b\n1,2\n', /^x.csv: line 1: a quote in the header is never closed/],
  ["a\n1\ninf\n", /^x.csv: line 3, column a: "inf" is not a finite number/],
  ["a\n1\n1e400\n", /^x.csv: line 3, column a: "1e400" is not a finite number/],
  ["a\n1\n-1e400\n", /^x.csv: line 3, column a: "-1e400" is not a finite number/],
  [
    Buffer.from("a,b\n1,caf\xe9\n2,th\xe9\n", "latin1"),
    /^x.csv: line 2, column b: the text is not UTF-8: "café"; .*iconv/,
  ],
  [Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"), /^x.csv: the file is UTF-16; save it as UTF-8/],
  [Buffer.from("PK\x03\x04rest"), /^x.csv: the file is a zip archive or a spreadsheet/],
  [Buffer.from("a,\0b\n1,2\n"), /^x.csv: the file is not text/],
  [Buffer.concat([gzipSync("a,b\n1,2\n").subarray(0, 20)]), /^x.csv: damaged gzip data/],
  [`a\n${"1\n".repeat(99)}one\n`, /^x.csv: line 101, column a: "one" among numbers; correct it/],
];

test("refuses files that are no table, with one line that names file, row and column", async (t) => {
  for (const [content, message] of REFUSED) await assertFault(read(t, content), message);
});

test("refuses folders, files that are not there, and files that grow while they are read", async (t) => {
  const folder = await temporaryFolder(t);
  await assertFault(readTable(folder, "x.csv"), /^x.csv: is a folder; name a file in it/);
  await assertFault(readTable(join(folder, "none"), "x.csv"), /^x.csv: there is no such file/);
  const path = join(folder, "grows.csv");
  await writeFile(path, `a,b\n${"1,2\n".repeat(1_000_000)}`);
  const onProgress = (share: number) => {
    if (share > 0.5) appendFileSync(path, "1,2\n");
  };
  await assertFault(readTable(path, "x.csv", { onProgress }), /^x.csv: the file changed while it was read/);
});
