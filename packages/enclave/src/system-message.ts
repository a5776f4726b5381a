import {
  acknowledgementJson,
  type Coin,
  type ContractRequest,
  type IbcPacket,
  packetJson,
  receivedPacketJson,
  type SystemEntryPoint,
  transferAcknowledgedJson,
  transferTimedOutJson,
} from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import { admitTransaction, type Block } from "./block.ts";
import { utf8 } from "./bytes.ts";
import { attempt, CallError, Refusal } from "./errors.ts";
import { isObject, type JsonObject, readBase64, readJsonObject, toSortedJson } from "./json.ts";
import { type ContractInput, decryptInput, plainInput } from "./message/input.ts";
import type { Session } from "./session.ts";
import {
  type ChainEvent,
  type ChannelEvent,
  decodeChainEvent,
  type PacketEvent,
} from "./transaction/chain-events.ts";
import {
  incentivizedPart,
  isErrorAcknowledgement,
  readCallback,
  readHook,
  readTransfer,
  receivedCoin,
  TRANSFER_PORT,
  type TransferPacket,
} from "./transaction/transfer-packet.ts";

type SystemRequest = Extract<ContractRequest, { kind: "system" }>;

/** What the host says that the chain tells a contract. */
interface Claim {
  readonly session: Session;
  readonly entryPoint: SystemEntryPoint;
  readonly codeHash: Uint8Array;
  /** Bech32. */
  readonly contract: string;
  /** The contract's port: what comes to it is meant for the contract. */
  readonly port: string;
  readonly message: JsonObject;
  readonly funds: readonly Coin[];
}

const PORT_PREFIX = "wasm.";

/**
 * The input of a call that the chain makes on its own, as the transaction under way proves it
 * (privacy protocol section 4.2): of the host's message nothing is kept that is not in there.
 *
 * Whether the other chain has really sent the packet is for the chain's own light clients; the
 * enclave knows that validators have agreed on the transaction which says so, and that its relayer
 * signed it.
 *
 * @throws {CallError} `enclave/bad_signature` if no message of the transaction says this.
 * @throws {Refusal} `enclave/bad_request`, `enclave/replayed`.
 */
export function openSystemMessage(
  session: Session,
  block: Block,
  request: SystemRequest,
): ContractInput {
  if (request.sender.length > 0) throw new Refusal("enclave/bad_request");
  const claim = readClaim(session, request);
  const { transaction } = block;
  const accepted = transaction?.takeEvent(request.entryPoint, (event) => {
    const input = accept(claim, event);
    return input && { input, event };
  });
  if (transaction !== undefined && accepted !== undefined) {
    admitTransaction(block, transaction);
    noteTold(claim, accepted.event);
    return accepted.input;
  }
  const [step] = Object.keys(claim.message);
  if (isStepOf(request.entryPoint, step) && useChannelStep(claim, step)) {
    const input = stepInput(claim, step);
    if (input !== undefined) return input;
  }
  throw new CallError("enclave/bad_signature");
}

/**
 * Two relayers may bring one packet, of which the chain takes the first; within a block the enclave
 * does too. What is undone was not told.
 * @throws {CallError} `enclave/bad_signature`.
 */
function noteTold({ session, entryPoint, contract }: Claim, event: ChainEvent): void {
  if (event.kind !== "packet") return;
  const { source, destination, sequence } = event.packet;
  const names = [source.portId, source.channelId, destination.portId, destination.channelId];
  const token = JSON.stringify(["told", entryPoint, contract, ...names, sequence.toString()]);
  if (session.overlay.has(token)) throw new CallError("enclave/bad_signature");
  session.overlay.grant(token);
}

function readClaim(session: Session, request: SystemRequest): Claim {
  const { entryPoint, codeHash, funds } = request;
  const message = readJsonObject(request.message);
  if (message === undefined) throw new CallError("enclave/bad_output");
  const contract = humanOf(session, request.contract);
  return { session, entryPoint, codeHash, contract, port: PORT_PREFIX + contract, message, funds };
}

function humanOf({ addresses }: Session, address: Uint8Array): string {
  const text = addresses.humanize(address);
  if (!("ok" in text)) throw new Refusal("enclave/bad_request");
  return text.ok;
}

function accept(claim: Claim, event: ChainEvent): ContractInput | undefined {
  if (claim.entryPoint === "hook_execute") return acceptHook(claim, event);
  if (claim.funds.length > 0) return undefined;
  if (event.kind === "channel") return acceptChannelStep(claim, event);
  switch (claim.entryPoint) {
    case "ibc_packet_receive":
      return acceptPacket(claim, event);
    case "ibc_packet_ack":
      return acceptAcknowledgement(claim, event);
    case "ibc_packet_timeout":
      return acceptTimeout(claim, event);
    case "hook_ack":
    case "hook_timeout":
      return acceptTransferEnd(claim, event);
    default:
      return undefined;
  }
}

function isSame(claim: Claim, json: string): boolean {
  const said = readJsonObject(utf8(json));
  return said !== undefined && toSortedJson(said) === toSortedJson(claim.message);
}

/** In the order in which the network writes them, which decides what reading them costs a contract. */
const STEP_FIELDS = [
  "channel",
  "endpoint",
  "counterparty_endpoint",
  "port_id",
  "channel_id",
  "order",
  "version",
  "connection_id",
  "counterparty_version",
];

/** What the host says of a step, but for fields that no step has. */
function stepInput({ message }: Claim, step: string): ContractInput | undefined {
  const json = attempt(() => JSON.stringify(message, [step, ...STEP_FIELDS]));
  return json === undefined ? undefined : plainInput(utf8(json));
}

const STEPS: { readonly [name in SystemEntryPoint]?: readonly string[] } = {
  ibc_channel_open: ["open_init", "open_try"],
  ibc_channel_connect: ["open_ack", "open_confirm"],
  ibc_channel_close: ["close_init", "close_confirm"],
};

function isStepOf(entryPoint: SystemEntryPoint, step: string | undefined): step is string {
  return step !== undefined && (STEPS[entryPoint]?.includes(step) ?? false);
}

/** The transaction names step, port and, where there is one yet, channel; the rest is the chain's own record of the channel. */
function acceptChannelStep(claim: Claim, event: ChannelEvent): ContractInput | undefined {
  const { step, portId, channelId, counterpartyVersion } = event;
  const said = claim.message[step];
  if (!isStepOf(claim.entryPoint, step) || portId !== claim.port || !isObject(said)) {
    return undefined;
  }
  const channel = isObject(said.channel) ? said.channel : {};
  const endpoint = isObject(channel.endpoint) ? channel.endpoint : {};
  const belongs =
    Object.keys(claim.message).length === 1 &&
    endpoint.port_id === portId &&
    (channelId === undefined || endpoint.channel_id === channelId) &&
    said.counterparty_version === counterpartyVersion;
  return belongs ? stepInput(claim, step) : undefined;
}

/** The token by which a contract's own message lets the chain tell a contract of a step. */
function channelStepToken(step: string, portId: string): string {
  return `channel ${step} ${portId}`;
}

function useChannelStep({ session, port }: Claim, step: string): boolean {
  return session.overlay.use(channelStepToken(step, port)) !== undefined;
}

/** Notes a message of a contract that opens or closes a channel: no transaction says so then. */
export function expectChannelStep(
  session: Session,
  contract: Uint8Array,
  message: JsonObject,
): void {
  const { ibc, stargate } = message;
  if (isObject(ibc) && "close_channel" in ibc) {
    const port = PORT_PREFIX + humanOf(session, contract);
    session.overlay.grant(channelStepToken("close_init", port));
  }
  if (!isObject(stargate) || typeof stargate.type_url !== "string") return;
  const value = readBase64(stargate.value);
  if (value === undefined) return;
  const any = { typeUrl: stargate.type_url, value };
  const event = attempt(() => decodeChainEvent(any, session.network.bech32Prefix));
  if (event?.kind === "channel") session.overlay.grant(channelStepToken(event.step, event.portId));
}

/** Its data may be encrypted to the contract; then so is what the contract answers (section 2.2). */
function acceptPacket(claim: Claim, event: PacketEvent): ContractInput | undefined {
  const { packet, relayer } = event;
  if (event.what !== "receive" || packet.destination.portId !== claim.port) return undefined;
  const said = isObject(claim.message.packet) ? readBase64(claim.message.packet.data) : undefined;
  if (said === undefined || !isSameData(claim, said, packet.data)) return undefined;
  const asSaid: IbcPacket = { ...packet, data: said };
  if (!isSame(claim, packetJson(asSaid, relayer))) return undefined;
  const input = unlessPlain(() => decryptInput(claim.session.ring, said, claim.codeHash));
  if (input === undefined) return plainInput(utf8(receivedPacketJson(asSaid, relayer)));
  return {
    ...input,
    message: utf8(receivedPacketJson({ ...packet, data: input.message }, relayer)),
  };
}

function unlessPlain(decrypt: () => ContractInput): ContractInput | undefined {
  try {
    return decrypt();
  } catch (error) {
    if (error instanceof CallError && error.code === "enclave/cannot_decrypt") return undefined;
    throw error;
  }
}

const TRANSFER_FIELDS = new Set(["denom", "amount", "sender", "receiver", "memo"]);

/** Hooks give the coins of a transfer to nobody first: the receiver may then be the zero address. */
function isSameData({ session }: Claim, said: Uint8Array, signed: Uint8Array): boolean {
  if (equalBytes(said, signed)) return true;
  const [changed, original] = [readTransfer(said), readTransfer(signed)];
  if (changed === undefined || original === undefined) return false;
  const fields = Object.keys(readJsonObject(said) ?? {});
  return (
    fields.every((field) => TRANSFER_FIELDS.has(field)) &&
    changed.denom === original.denom &&
    changed.amount === original.amount &&
    changed.sender === original.sender &&
    changed.memo === original.memo &&
    changed.receiver === humanOf(session, new Uint8Array(20)) &&
    readHook(original.memo)?.contract === original.receiver
  );
}

function acceptAcknowledgement(claim: Claim, event: PacketEvent): ContractInput | undefined {
  const { packet, relayer } = event;
  if (event.what !== "ack" || packet.source.portId !== claim.port) return undefined;
  return acceptOneOf(
    claim,
    acknowledgementsOf(event).map((each) => acknowledgementJson(packet, each, relayer)),
  );
}

function acceptTimeout(claim: Claim, event: PacketEvent): ContractInput | undefined {
  const { packet, relayer } = event;
  if (event.what !== "timeout" || packet.source.portId !== claim.port) return undefined;
  return acceptOneOf(claim, [packetJson(packet, relayer)]);
}

/** As it is in the transaction, and what is left of it behind the fees of relayers (ICS-29). */
function acknowledgementsOf({ acknowledgement }: PacketEvent): readonly Uint8Array[] {
  const inner = readBase64(incentivizedPart(acknowledgement));
  return inner === undefined ? [acknowledgement] : [inner, acknowledgement];
}

function acceptOneOf(claim: Claim, messages: readonly string[]): ContractInput | undefined {
  const message = messages.find((json) => isSame(claim, json));
  return message === undefined ? undefined : plainInput(utf8(message));
}

/** `sudo` of the contract that sent a transfer and named itself in `ibc_callback`. */
function acceptTransferEnd(claim: Claim, event: PacketEvent): ContractInput | undefined {
  const { packet, what } = event;
  const transfer = readTransfer(packet.data);
  const isTheirs =
    what === (claim.entryPoint === "hook_ack" ? "ack" : "timeout") &&
    packet.source.portId === TRANSFER_PORT &&
    transfer?.sender === claim.contract &&
    readCallback(transfer.memo) === claim.contract;
  if (!isTheirs) return undefined;
  if (what === "timeout") return acceptOneOf(claim, [transferTimedOutJson(packet)]);
  return acceptOneOf(
    claim,
    acknowledgementsOf(event).map((each) =>
      transferAcknowledgedJson(packet, each, !isErrorAcknowledgement(each)),
    ),
  );
}

/** `execute` with the message of a transfer's memo, and the coins that came with it. */
function acceptHook(claim: Claim, event: ChainEvent): ContractInput | undefined {
  if (event.kind !== "packet" || event.what !== "receive") return undefined;
  const transfer = readTransfer(event.packet.data);
  const hook = transfer && readHook(transfer.memo);
  if (transfer === undefined || hook === undefined) return undefined;
  const belongs =
    hook.contract === claim.contract &&
    transfer.receiver === claim.contract &&
    toSortedJson(claim.message) === hook.message &&
    hasFunds(claim, event.packet, transfer);
  return belongs ? plainInput(utf8(hook.message)) : undefined;
}

/** Coins come through the transfer module; a token's own contract keeps its account itself. */
function hasFunds({ funds }: Claim, packet: IbcPacket, transfer: TransferPacket): boolean {
  const { portId } = packet.destination;
  if (portId.startsWith(PORT_PREFIX)) return funds.length === 0;
  if (portId !== TRANSFER_PORT) return false;
  const { denom, amount } = receivedCoin(packet, transfer);
  const [coin, ...others] = funds;
  return others.length === 0 && coin?.denom === denom && coin.amount === amount;
}
