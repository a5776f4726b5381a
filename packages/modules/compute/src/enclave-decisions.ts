/**
 * What governance decides about enclaves: which code comes next, and which machines may run it.
 * Whoever reports such a decision must find it passed.
 */
import { decodeMessage, fromHex, ProtocolError, toHex } from "@tacit/encoding";
import { type Proposal, ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { MsgSoftwareUpgradeSchema } from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/tx";
import {
  type MsgUpdateMachineWhitelist,
  type MsgUpdateMachineWhitelistProposal,
  MsgUpdateMachineWhitelistProposalSchema,
  MsgUpdateMachineWhitelistSchema,
  type MsgUpgradeProposalPassed,
  MsgUpgradeProposalPassedSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type AnteDecorator, type Context, PlainError, sdkErrors } from "@tacit/sdk";
import { computeErrors } from "./errors.ts";

/** What this module needs of governance. */
export interface ProposalKeeper {
  getProposal(context: Context, id: bigint): Proposal | undefined;
  /** All by ascending id. */
  proposals(context: Context): Iterable<Proposal>;
}

const MEASUREMENT_BYTES = 32;
const typeUrl = ({ typeName }: { readonly typeName: string }) => `/${typeName}`;
const upgradeUrl = typeUrl(MsgSoftwareUpgradeSchema);
const whitelistUrl = typeUrl(MsgUpdateMachineWhitelistProposalSchema);

/**
 * Refuses transactions that report decisions which governance has not made; free, and not in simulations.
 * @throws {PlainError}, {SdkError} `sdk/4`, `sdk/18`.
 */
export function verifyDecisions(keeper: ProposalKeeper): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    for (const { typeUrl: url, value } of isSimulation ? [] : tx.messages) {
      if (url === typeUrl(MsgUpgradeProposalPassedSchema)) {
        verifyUpgrade(keeper, context, value as MsgUpgradeProposalPassed);
      } else if (url === typeUrl(MsgUpdateMachineWhitelistSchema)) {
        verifyWhitelist(keeper, context, value as MsgUpdateMachineWhitelist);
      }
    }
    return next(context, tx, isSimulation);
  };
}

const isPassed = ({ status }: Proposal) => status === ProposalStatus.PASSED;

/** The newest passed upgrade of the software must name this measurement. */
function verifyUpgrade(
  keeper: ProposalKeeper,
  context: Context,
  { mrEnclaveHash }: MsgUpgradeProposalPassed,
): void {
  const upgrades = [...keeper.proposals(context)].filter(
    (proposal) => isPassed(proposal) && proposal.messages[0]?.typeUrl === upgradeUrl,
  );
  const any = upgrades.at(-1)?.messages[0];
  if (any === undefined) throw new PlainError("no latest upgrade proposal");
  const info = decodeMessage(MsgSoftwareUpgradeSchema, any.value).plan?.info ?? "";
  const measurement = /^MREnclaveHash:([0-9a-fA-F]{64})$/.exec(info)?.[1];
  if (measurement === undefined) {
    throw new PlainError("no mrenclave in the latest upgrade proposal");
  }
  if (measurement.toLowerCase() !== toHex(mrEnclaveHash)) {
    throw sdkErrors.unauthorized.wrap("software upgrade proposal: mrenclave hash mismatch");
  }
}

/** The proposal must be about these machines and nothing else. */
function verifyWhitelist(
  keeper: ProposalKeeper,
  context: Context,
  { proposalId, machineId }: MsgUpdateMachineWhitelist,
): void {
  const proposal = keeper.getProposal(context, proposalId);
  if (proposal === undefined) {
    const what = `key '${proposalId}' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Proposal`;
    throw new PlainError(`collections: not found: ${what}`);
  }
  const refuse = (why: string) =>
    sdkErrors.invalidRequest.wrap(`proposal with id ${proposalId} ${why}`);
  if (!isPassed(proposal)) throw refuse("not passed");
  const [any, ...others] = proposal.messages;
  if (any === undefined || others.length > 0) {
    throw refuse(`has ${proposal.messages.length} messages, expected exactly 1`);
  }
  if (any.typeUrl !== whitelistUrl) throw refuse("is not of type MsgUpdateMachineWhitelist");
  const decided = decodeMessage(MsgUpdateMachineWhitelistProposalSchema, any.value).machineId;
  if (decided !== machineId) {
    throw sdkErrors.invalidRequest.wrap(
      `machine id ${machineId} does not match the proposal ${decided}`,
    );
  }
}

/** @throws {SdkError} `sdk/18` */
export function checkUpgradePassed({ mrEnclaveHash }: MsgUpgradeProposalPassed): void {
  if (mrEnclaveHash.length === MEASUREMENT_BYTES) return;
  throw sdkErrors.invalidRequest.wrap("MREnclave hash length is not equal 32!");
}

/** Machines are named in hex, with commas between them. @throws {SdkError} `compute/13`, `sdk/18` */
export function checkWhitelist(
  message: MsgUpdateMachineWhitelist | MsgUpdateMachineWhitelistProposal,
): void {
  if ("proposalId" in message && message.proposalId === 0n) {
    throw sdkErrors.invalidRequest.wrap("proposal ID cannot be zero");
  }
  const { machineId } = message;
  if (machineId.trim() === "") throw computeErrors.invalid.wrap("machine_id must not be empty");
  try {
    for (const id of machineId.split(",")) fromHex(id.trim());
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw computeErrors.invalid.wrap("machine_id malformed");
  }
}
