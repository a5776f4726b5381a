/** What secretjs 1.22.1 offers, and what becomes of it here: the source of docs/compatibility.md. */

/** What a call must lead to; the tests that go through all of them hold it. */
export type Outcome =
  | { readonly kind: "works" }
  /** Refused with this code, as it is on Secret Network, for the reason given. */
  | { readonly kind: "refused"; readonly code: number; readonly reason: string }
  /** The client throws before it asks. */
  | { readonly kind: "client"; readonly reason: string }
  /** Comes with IBC. */
  | { readonly kind: "ibc" };

export const works: Outcome = { kind: "works" };
export const ibc: Outcome = { kind: "ibc" };
export const refused = (code: number, reason: string): Outcome => ({
  kind: "refused",
  code,
  reason,
});
export const client = (reason: string): Outcome => ({ kind: "client", reason });

/** As a cell of the table. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "works":
      return "works";
    case "refused":
      return `code ${outcome.code}, as there: ${outcome.reason}`;
    case "client":
      return `not offered by the client: ${outcome.reason}`;
    case "ibc":
      return "comes with IBC";
  }
}
