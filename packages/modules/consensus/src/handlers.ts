/** MsgUpdateParams: governance changes what consensus agrees on. */
import { create } from "@bufbuild/protobuf";
import { toCompactText } from "@tacit/encoding";
import type { MsgUpdateParams } from "@tacit/encoding/proto/cosmos/consensus/v1/tx";
import { ConsensusParamsSchema } from "@tacit/encoding/proto/tendermint/types/params";
import {
  type ConsensusParams,
  type ConsensusParamsStore,
  type Context,
  createEvent,
  sdkErrors,
} from "@tacit/sdk";
import { invalidParams, wrongAuthority } from "./errors.ts";
import { paramsFromWire, validateParams } from "./params.ts";

export interface UpdateParamsCollaborators {
  /** Bech32 address of the governance account. */
  readonly authority: string;
  readonly params: ConsensusParamsStore;
}

/**
 * Every part but the one for vote extensions must be given; the version becomes 0, as in Go.
 *
 * @throws {SdkError} `gov/13` for another sender; {PlainError} for values out of bounds.
 */
export function updateParams(
  { authority, params }: UpdateParamsCollaborators,
  context: Context,
  message: MsgUpdateParams,
): Record<string, never> {
  if (message.authority !== authority) {
    throw wrongAuthority.wrap(`invalid authority; expected ${authority}, got ${message.authority}`);
  }
  const current = params.get(context);
  if (current === undefined) throw sdkErrors.notFound.wrap("consensus parameters");
  const next = nextParams(current, message);
  validateParams(next);
  validateExtensions(context.height, current, next);
  params.set(context, next);
  context.events.emit(
    createEvent(
      "update_consensus_params",
      ["authority", message.authority],
      ["parameters", toCompactText(ConsensusParamsSchema, askedParams(message))],
    ),
  );
  return {};
}

/** As Go prints them: with the version that they set. */
function askedParams({ block, evidence, validator, abci }: MsgUpdateParams) {
  return create(ConsensusParamsSchema, {
    ...(block && { block }),
    ...(evidence && { evidence }),
    ...(validator && { validator }),
    version: { app: 0n },
    ...(abci && { abci }),
  });
}

function nextParams(current: ConsensusParams, message: MsgUpdateParams): ConsensusParams {
  const { block, evidence, validator, abci } = message;
  if (block === undefined || evidence === undefined || validator === undefined) {
    throw invalidParams("all parameters must be present");
  }
  const asked = paramsFromWire({
    $typeName: "tendermint.types.ConsensusParams",
    block,
    evidence,
    validator,
    abci,
  });
  return { ...asked, version: { app: 0n }, abci: abci ? asked.abci : current.abci };
}

/** Vote extensions start in the future and never stop. */
function validateExtensions(height: bigint, current: ConsensusParams, next: ConsensusParams): void {
  const before = current.abci.voteExtensionsEnableHeight;
  const after = next.abci.voteExtensionsEnableHeight;
  if (before === after) return;
  if (before !== 0n && after === 0n) {
    throw invalidParams("vote extensions cannot be disabled once enabled");
  }
  if (after <= height || (before > 0n && before <= height)) {
    throw invalidParams(
      `VoteExtensionsEnableHeight must be updated to a future height, got ${after} at ${height}`,
    );
  }
}
