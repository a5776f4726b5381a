import { create, type DescMessage } from "@bufbuild/protobuf";
import { encodeMessage } from "@tacit/encoding";
import type { ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import * as query from "@tacit/encoding/proto/cosmos/gov/v1/query";
import { describe, expect, it } from "vitest";
import { a, b, c, GovBench, options, statuses, uscrt, validator } from "./governance-bench.ts";

const path = (name: string) => `/cosmos.gov.v1.Query/${name}`;

/** Five proposals: 1, 3 and 5 are voted on, b deposited on 2 and 3, the validator voted on 3. */
function bench(): GovBench {
  const made = new GovBench();
  for (let id = 1n; id <= 5n; id++) {
    const isOpen = id % 2n === 1n;
    made.submit({ initialDeposit: [uscrt(isOpen ? 1_000_000_000n : 10_000_000n)] });
  }
  made.deposit(b, 10_000_000n, 2n);
  made.deposit(b, 10_000_000n, 3n);
  made.vote(validator, options.yes, 3n);
  made.vote(c, options.no, 3n);
  return made;
}

interface Filter {
  readonly proposalStatus?: number;
  readonly voter?: string;
  readonly depositor?: string;
  readonly pagination?: Record<string, unknown>;
}

function find(on: GovBench, { proposalStatus = 0, ...filter }: Filter) {
  const request = create(query.QueryProposalsRequestSchema, {
    ...filter,
    proposalStatus: proposalStatus as ProposalStatus,
  } as never);
  const bytes = encodeMessage(query.QueryProposalsRequestSchema, request);
  const { proposals, pagination } = on.ask(
    path("Proposals"),
    query.QueryProposalsResponseSchema,
    bytes,
  );
  return {
    ids: proposals.map(({ id }) => Number(id)),
    next: [...(pagination?.nextKey ?? [])],
    total: Number(pagination?.total),
  };
}

const keyOf = (id: number) => [0, 0, 0, 0, 0, 0, 0, id];

describe("proposals", () => {
  const on = bench();

  it.each([
    ["all", {}, [1, 2, 3, 4, 5]],
    ["by status", { proposalStatus: statuses.deposit }, [2, 4]],
    ["by no status", { proposalStatus: 9 }, [1, 2, 3, 4, 5]],
    ["by depositor", { depositor: b }, [2, 3]],
    ["by voter", { voter: c }, [3]],
    ["by all of it", { depositor: b, voter: validator, proposalStatus: statuses.voting }, [3]],
    ["by nobody's vote", { voter: b }, []],
  ])("are found %s", (_, filter, ids) => {
    expect(find(on, filter)).toEqual({ ids, next: [], total: ids.length });
  });

  it("come page by page, matches counted", () => {
    const filter = { proposalStatus: statuses.voting };
    const first = find(on, { ...filter, pagination: { limit: 2n, countTotal: true } });
    expect(first).toEqual({ ids: [1, 3], next: keyOf(5), total: 3 });
    const uncounted = find(on, { ...filter, pagination: { limit: 2n } });
    expect(uncounted).toEqual({ ids: [1, 3], next: keyOf(4), total: 0 });
    const key = Uint8Array.from(uncounted.next);
    expect(find(on, { ...filter, pagination: { limit: 2n, key } })).toEqual({
      ids: [5],
      next: [],
      total: 0,
    });
  });

  it("of a page that begins at a key are those among as many as its limit", () => {
    const key = Uint8Array.from(keyOf(2));
    const filter = { proposalStatus: statuses.voting, pagination: { limit: 2n, key } };
    expect(find(on, filter)).toEqual({ ids: [3], next: keyOf(4), total: 0 });
  });

  it.each([
    [{ offset: 2n, limit: 2n }, [3, 4], keyOf(5), 0],
    [{ offset: 5n }, [], [], 5],
    [{ offset: 6n }, [], [], 0],
    [{ reverse: true, limit: 2n }, [5, 4], keyOf(3), 0],
    [{ reverse: true, key: Uint8Array.from(keyOf(3)), limit: 2n }, [3, 2], keyOf(1), 0],
  ])("of page %o are counted like a collection's", (pagination, ids, next, total) => {
    expect(find(on, { pagination })).toEqual({ ids, next, total });
  });

  it("cannot be asked for by key and offset, or by an address that is none", () => {
    const both = { offset: 1n, key: Uint8Array.from(keyOf(1)) };
    const code = (run: () => unknown) => {
      try {
        run();
        return "";
      } catch (error) {
        return (error as { readonly code: string }).code;
      }
    };
    expect(code(() => find(on, { pagination: both }))).toBe("grpc/13");
    expect(code(() => find(on, { voter: "cosmos1" }))).toBe("grpc/13");
  });
});

describe("one thing", () => {
  const on = bench();
  const ask = <Input extends DescMessage>(name: string, schema: Input, fields: object) => {
    const handler = on.composition.queries.handler(path(name))!;
    const bytes = encodeMessage(schema, create(schema, fields as never) as never);
    try {
      return on.ask(path(name), handler.method.output, bytes) as Record<string, unknown>;
    } catch (error) {
      const { code, message } = error as { readonly code: string; readonly message: string };
      return { code, message };
    }
  };

  it.each([
    [
      "Proposal",
      query.QueryProposalRequestSchema,
      { proposalId: 0n },
      { code: "grpc/3", message: "proposal id can not be 0" },
    ],
    [
      "Proposal",
      query.QueryProposalRequestSchema,
      { proposalId: 6n },
      { code: "grpc/5", message: "proposal 6 doesn't exist" },
    ],
    [
      "Vote",
      query.QueryVoteRequestSchema,
      { proposalId: 3n },
      { code: "grpc/3", message: "empty voter address" },
    ],
    [
      "Vote",
      query.QueryVoteRequestSchema,
      { proposalId: 3n, voter: a },
      { code: "grpc/3", message: `voter: ${a} not found for proposal: 3` },
    ],
    [
      "Deposit",
      query.QueryDepositRequestSchema,
      { proposalId: 3n, depositor: c },
      {
        code: "grpc/5",
        message: `collections: not found: key '("3", "${c}")' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Deposit`,
      },
    ],
    [
      "Params",
      query.QueryParamsRequestSchema,
      { paramsType: "none" },
      { code: "grpc/3", message: "unknown params type: none" },
    ],
    ["Constitution", query.QueryConstitutionRequestSchema, {}, { constitution: "" }],
    [
      "TallyResult",
      query.QueryTallyResultRequestSchema,
      { proposalId: 2n },
      { tally: { yesCount: "0" } },
    ],
    [
      "TallyResult",
      query.QueryTallyResultRequestSchema,
      { proposalId: 3n },
      { tally: { yesCount: `${10n ** 17n}` } },
    ],
    [
      "Votes",
      query.QueryVotesRequestSchema,
      { proposalId: 3n, pagination: { limit: 1n } },
      { votes: [{ voter: validator }], pagination: { total: 0n } },
    ],
    [
      "Deposits",
      query.QueryDepositsRequestSchema,
      { proposalId: 3n },
      { deposits: [{ depositor: b }, { depositor: a }], pagination: { total: 2n } },
    ],
    [
      "Params",
      query.QueryParamsRequestSchema,
      { paramsType: "voting" },
      {
        votingParams: { votingPeriod: { seconds: 90n } },
        params: { quorum: "0.334000000000000000" },
      },
    ],
  ])("asked with %s", (name, schema, fields, answer) => {
    expect(ask(name, schema, fields)).toMatchObject(answer);
  });

  it("of a decided proposal is the count that decided it", () => {
    on.endBlockAt(90n);
    const answer = ask("TallyResult", query.QueryTallyResultRequestSchema, { proposalId: 3n });
    expect(answer).toMatchObject({ tally: { yesCount: `${10n ** 17n}` } });
  });
});
