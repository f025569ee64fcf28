import assert from "node:assert/strict";
import { test } from "node:test";
import { TrialState } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial, aStudy, aTrial, measurementsOf } from "../study.fixture.js";
import { csvRecord } from "./csv.js";
import { type CsvTable, csvRecords } from "./csv-tables.js";
import { resultsDocument } from "./results.js";

test("quotes fields by RFC 4180 and ends records with CR LF", () => {
  const fields = ["plain", 'a "b"', "a,b", "two\nlines", " edge", "", null, undefined, 0.1, 1e-7, true];
  assert.equal(csvRecord(fields), 'plain,"a ""b""","a,b","two\nlines"," edge",,,,0.1,1e-7,true\r\n');
});

test("puts an apostrophe before a text that a spreadsheet would evaluate, and not before a number", () => {
  assert.equal(csvRecord(["=1+1", "+x", "-x", "@sum", "\tx", -1, "a=b"]), "'=1+1,'+x,'-x,'@sum,'\tx,-1,a=b\r\n");
  assert.equal(csvRecord(['=HYPERLINK("http://x","y")']), `"'=HYPERLINK(""http://x"",""y"")"\r\n`);
});

function recordsOf(table: CsvTable): string[] {
  const study = aStudy({ specJson: JSON.stringify({ parameters: { stddev: {}, state: {} } }) });
  const lost = { state: TrialState.FAILED, message: "trainer-1 went silent, twice", attempt: 2 };
  const trials = [
    aCompletedTrial("0", 0.75, { measurements: [...measurementsOf(2), ...measurementsOf(1, 1)] }),
    aTrial("1", lost),
  ];
  return [...csvRecords(table, resultsDocument(study, trials))];
}

test("the table of trials has a record for each trial, with its values under their own names", () => {
  assert.deepEqual(recordsOf("trials"), [
    "trial,state,objective,deviation,epochs,seconds,startedAt,endedAt,attempt,trainer,replicates.trial,message," +
      "values.stddev,values.state\r\n",
    "0,completed,0.75,,40,80,2026-01-01T00:00:10.000Z,2026-01-01T00:01:30.000Z,1,trainer-1-abc123,,,0.05,\r\n",
    '1,failed,,,0,,,,2,,,"trainer-1 went silent, twice",0.05,\r\n',
  ]);
});

test("the table of epochs has a record for each epoch of each execution", () => {
  assert.deepEqual(recordsOf("epochs"), [
    "trial,attempt,execution,epoch,learningRate,seconds,metrics.loss,metrics.val_accuracy\r\n",
    "0,1,0,0,0.001,2,1,0.5\r\n",
    "0,1,0,1,0.001,2,0.5,0.75\r\n",
    "0,1,1,0,0.001,2,1,0.5\r\n",
  ]);
});

test("writes the tables of 1,000 trials of 100 epochs record by record", () => {
  const measurements = measurementsOf(100);
  const trials = Array.from({ length: 1000 }, (_, i) => aCompletedTrial(String(i), 0.5, { measurements }));
  const results = resultsDocument(aStudy(), trials);
  let count = 0;
  for (const record of csvRecords("epochs", results)) count += record.length > 0 ? 1 : 0;
  assert.equal(count, 100_001);
});

test("outcomes of several objectives have columns of their own, empty for a trial without them", () => {
  const trials = [aCompletedTrial("0", 0.75, { outcomes: { loss: 0.75, latency: 3 } }), aTrial("1")];
  const study = aStudy({ limits: ["latency <= 4"] });
  const [header = "", first = "", second = ""] = csvRecords("trials", resultsDocument(study, trials));
  assert.match(header, /message,outcomes\.loss,outcomes\.latency,values\.stddev\r\n$/);
  assert.match(first, /,0\.75,3,0\.05\r\n$/);
  assert.match(second, /,,,0\.05\r\n$/);
});
