/** Calls that the chain makes on its own: channels, packets, and the hooks of transfers. */
import {
  acknowledgementJson,
  type CallOutput,
  channelJson,
  type IbcChannel,
  type IbcChannelStep,
  type IbcPacket,
  packetJson,
  type SystemEntryPoint,
  transferAcknowledgedJson,
  transferTimedOutJson,
} from "@tacit/enclave-channel";
import type { Coin } from "@tacit/encoding";
import { type Context, utf8Bytes, utf8Text, wrapError } from "@tacit/sdk";
import { contractPort, getInstance } from "./contracts.ts";
import { computeErrors } from "./errors.ts";
import { chargeInstance } from "./gas.ts";
import type { HandlerEnvironment } from "./handlers/environment.ts";
import { runExecute } from "./handlers/execute.ts";
import { SIMULATED_CALL_GAS } from "./limits.ts";

/** Who sends what nobody signed, and holds the coins of a transfer until its hook has run. */
export const zeroAddress: Uint8Array = new Uint8Array(20);

/**
 * What modules of IBC call. In every mode but `finalize` contracts are not run: the enclave could
 * verify nothing of it, so that a flat price stands for the call and it counts as successful.
 *
 * Failures are `compute/3` with the contract's error or the enclave's sentence, and what the
 * contract's own messages throw. The enclave believes a call only if the transaction under way
 * contains what made the chain call (docs/protocol/chain-calls.md).
 */
export class IbcContracts {
  readonly #env: HandlerEnvironment;

  constructor(env: HandlerEnvironment) {
    this.#env = env;
  }

  /** `wasm.<bech32>`, which a contract with all six entry points of IBC has. */
  portOf(contract: Uint8Array): string {
    return contractPort(this.#env.options.addresses.toText(contract));
  }

  /** @returns the version that the contract wants; empty if it does not say. */
  openChannel(
    context: Context,
    contract: Uint8Array,
    channel: IbcChannel,
    step: IbcChannelStep,
  ): string {
    const message = channelJson(channel, step);
    const output = this.#call(context, "ibc_channel_open", contract, message);
    return output?.data === undefined ? "" : utf8Text(output.data);
  }

  connectChannel(
    context: Context,
    contract: Uint8Array,
    channel: IbcChannel,
    step: IbcChannelStep,
  ): void {
    this.#callBasic(context, "ibc_channel_connect", contract, channelJson(channel, step));
  }

  closeChannel(
    context: Context,
    contract: Uint8Array,
    channel: IbcChannel,
    step: IbcChannelStep,
  ): void {
    this.#callBasic(context, "ibc_channel_close", contract, channelJson(channel, step));
  }

  /** @param relayer address. @returns the acknowledgement, or what a reply made of it. */
  receivePacket(
    context: Context,
    contract: Uint8Array,
    packet: IbcPacket,
    relayer: Uint8Array,
  ): Uint8Array {
    const message = packetJson(packet, this.#text(relayer));
    const output = this.#call(context, "ibc_packet_receive", contract, message);
    if (output === undefined) return Uint8Array.of(0);
    const { dispatcher } = this.#env;
    const call = { contract, originalMessage: packet.data, output };
    return dispatcher.followUp(context, call) ?? new Uint8Array();
  }

  acknowledgePacket(
    context: Context,
    contract: Uint8Array,
    packet: IbcPacket,
    acknowledged: { readonly acknowledgement: Uint8Array; readonly relayer: Uint8Array },
  ): void {
    const relayer = this.#text(acknowledged.relayer);
    const message = acknowledgementJson(packet, acknowledged.acknowledgement, relayer);
    this.#callBasic(context, "ibc_packet_ack", contract, message);
  }

  timeoutPacket(
    context: Context,
    contract: Uint8Array,
    packet: IbcPacket,
    relayer: Uint8Array,
  ): void {
    const message = packetJson(packet, this.#text(relayer));
    this.#callBasic(context, "ibc_packet_timeout", contract, message);
  }

  /**
   * `execute` with the message of a transfer's memo, and the coins, which the zero address got.
   * @param message JSON, as the memo has it under `wasm.msg`.
   * @returns the contract's data, for the acknowledgement.
   */
  executeHook(
    context: Context,
    contract: Uint8Array,
    hook: { readonly message: Uint8Array; readonly funds: readonly Coin[] },
  ): Uint8Array {
    return this.#execute(context, "hook_execute", { contract, ...hook });
  }

  /** `sudo` of the contract that sent a transfer with itself as `ibc_callback`. */
  transferAcknowledged(
    context: Context,
    contract: Uint8Array,
    packet: IbcPacket,
    acknowledged: { readonly acknowledgement: Uint8Array; readonly success: boolean },
  ): void {
    const { acknowledgement, success } = acknowledged;
    const message = utf8Bytes(transferAcknowledgedJson(packet, acknowledgement, success));
    this.#execute(context, "hook_ack", { contract, message, funds: [] });
  }

  /** The same for a transfer that came too late. */
  transferTimedOut(context: Context, contract: Uint8Array, packet: IbcPacket): void {
    const message = utf8Bytes(transferTimedOutJson(packet));
    this.#execute(context, "hook_timeout", { contract, message, funds: [] });
  }

  #text(address: Uint8Array): string {
    return this.#env.options.addresses.toText(address);
  }

  #callBasic(
    context: Context,
    entryPoint: SystemEntryPoint,
    contract: Uint8Array,
    message: string,
  ): void {
    const output = this.#call(context, entryPoint, contract, message);
    if (output === undefined) return;
    try {
      const call = { contract, originalMessage: utf8Bytes(message), output };
      this.#env.dispatcher.followUp(context, call);
    } catch (error) {
      throw wrapError(error, networkNames[entryPoint] ?? entryPoint);
    }
  }

  /** Undefined where nothing is run. */
  #call(
    context: Context,
    entryPoint: SystemEntryPoint,
    contract: Uint8Array,
    message: string,
  ): CallOutput | undefined {
    chargeInstance(context, `Loading Compute module: ${networkNames[entryPoint]}`);
    if (isSkipped(context)) return undefined;
    const { code } = getInstance(context, contract);
    return this.#env.calls.call(
      context,
      {
        kind: "system",
        entryPoint,
        contract,
        codeHash: code.codeHash,
        sender: new Uint8Array(),
        funds: [],
        message: utf8Bytes(message),
        authorization: { kind: "signed" },
      },
      computeErrors.executeFailed,
    );
  }

  #execute(
    context: Context,
    entryPoint: SystemEntryPoint,
    call: {
      readonly contract: Uint8Array;
      readonly message: Uint8Array;
      readonly funds: readonly Coin[];
    },
  ): Uint8Array {
    if (isSkipped(context)) return Uint8Array.of(0);
    return runExecute(this.#env, context, { ...call, payer: zeroAddress }, () => ({
      kind: "system",
      entryPoint,
      sender: new Uint8Array(),
      authorization: { kind: "signed" },
    }));
  }
}

/** As the network calls the steps where gas or errors name them. */
const networkNames: { readonly [name in SystemEntryPoint]?: string } = {
  ibc_channel_open: "ibc-open-channel",
  ibc_channel_connect: "ibc-connect-channel",
  ibc_channel_close: "ibc-close-channel",
  ibc_packet_receive: "ibc-recv-packet",
  ibc_packet_ack: "ibc-ack-packet",
  ibc_packet_timeout: "ibc-timeout-packet",
};

function isSkipped(context: Context): boolean {
  if (context.mode === "finalize") return false;
  context.gasMeter.consume(SIMULATED_CALL_GAS, "add gas to relayer simulation");
  return true;
}
