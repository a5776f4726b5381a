/** The table of secretjs's queries and messages, from the cases that the tests go through. */
import { type Outcome, outcomeText, works } from "../e2e/support/surface/kinds.ts";
import {
  ibcCases,
  messageCases,
  otherCases,
  proposalCases,
} from "../e2e/support/surface/message-cases.ts";
import { queryCases } from "../e2e/support/surface/query-cases.ts";

const QUERIES = "e2e/secretjs-queries.e2e.test.ts";
const MESSAGES = "e2e/secretjs-messages.e2e.test.ts";
const BEGIN = "<!-- made by tools/docs.ts from e2e/support/surface -->";
const END = "<!-- end -->";

/** @param document docs/compatibility.md. @returns it with the table of today. */
export function withTable(document: string): string {
  const start = document.indexOf(BEGIN);
  const end = document.indexOf(END, start);
  if (start < 0 || end < 0)
    throw new RangeError("docs/compatibility.md has no place for the table");
  return (
    document.slice(0, start) +
    [BEGIN, "", ...table(), "", END].join("\n") +
    document.slice(end + END.length)
  );
}

function table(): string[] {
  const queries = Object.entries(queryCases).flatMap(([querier, methods]) =>
    Object.entries(methods).map(([method, { outcome }]) => ({
      name: `${querier}.${method}`,
      text: outcomeText(outcome),
      test: `${QUERIES}: ${querier}.${method}`,
    })),
  );
  const messages = [
    ...messageCases.map(({ name, typeUrl, outcomes }) => ({
      name: typeUrl,
      text: modesText(outcomes.direct, outcomes.amino),
      test: `${MESSAGES}: ${name}`,
    })),
    ...proposalCases.map(({ name, typeUrl }) => ({
      name: typeUrl,
      text: "works, in a proposal",
      test: `${MESSAGES}: ${name} executed by a proposal`,
    })),
    ...otherCases.map(({ name, typeUrl, outcome }) => ({
      name: typeUrl,
      text: outcomeText(outcome),
      test: `${MESSAGES}: ${name}`,
    })),
    ...Object.entries(ibcCases).flatMap(([module, names]) =>
      names.map((name) => ({
        name: `/${module}.${name}`,
        text: outcomeText({ kind: "ibc" }),
        test: `${MESSAGES}: of ${module}`,
      })),
    ),
  ];
  return [
    `${summary("queries", queries)} ${summary("messages", messages)}`,
    "",
    "| query | here | test |",
    "| --- | --- | --- |",
    ...queries.map(rowOf),
    "",
    "| message | here | test |",
    "| --- | --- | --- |",
    ...messages.map(rowOf),
  ];
}

interface Row {
  readonly name: string;
  readonly text: string;
  readonly test: string;
}

const rowOf = ({ name, text, test }: Row): string => `| \`${name}\` | ${text} | \`${test}\` |`;

function modesText(direct: Outcome, amino: Outcome): string {
  if (outcomeText(direct) === outcomeText(amino)) {
    return direct === works ? "works, DIRECT and amino" : outcomeText(direct);
  }
  return `DIRECT ${outcomeText(direct)}; amino ${outcomeText(amino)}`;
}

function summary(what: string, rows: readonly Row[]): string {
  const ibc = rows.filter(({ text }) => text.startsWith("comes with IBC")).length;
  const answered = rows.filter(({ text }) => /(^|DIRECT )works/.test(text)).length;
  const rest = rows.length - ibc - answered;
  return `Of ${rows.length} ${what}, ${answered} work, ${rest} are refused as on Secret Network, ${ibc} come with IBC.`;
}
