/** What other modules and tools may ask of governance. */
import type { Deposit, Params, Proposal, Vote } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import type { Context } from "@tacit/sdk";
import { getParams } from "./params.ts";
import { deposits, getProposal, proposals, votes } from "./store.ts";

export class GovKeeper {
  getParams(context: Context): Params {
    return getParams(context);
  }

  getProposal(context: Context, id: bigint): Proposal | undefined {
    return getProposal(context, id);
  }

  /** All by ascending id. */
  proposals(context: Context): Iterable<Proposal> {
    return proposals(context);
  }

  /** Of one proposal, or of all. */
  deposits(context: Context, id?: bigint): readonly Deposit[] {
    return deposits(context, id);
  }

  /** Of one proposal, or of all. */
  votes(context: Context, id?: bigint): readonly Vote[] {
    return votes(context, id);
  }
}
