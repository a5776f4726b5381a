/** Transfers of coins between chains (ICS-20), as far as their memos call contracts (privacy protocol section 4.2). */
import { sha256 } from "@tacit/crypto";
import type { Coin, IbcPacket } from "@tacit/enclave-channel";
import { toHex } from "@tacit/encoding";
import { utf8 } from "../bytes.ts";
import { isObject, readJsonObject, toSortedJson } from "../json.ts";

/** Port of the module that moves coins. */
export const TRANSFER_PORT = "transfer";

export interface TransferPacket {
  readonly denom: string;
  /** Decimal digits. */
  readonly amount: string;
  readonly sender: string;
  readonly receiver: string;
  readonly memo: string;
}

/** Undefined for other packets. */
export function readTransfer(data: Uint8Array): TransferPacket | undefined {
  const { denom, amount, sender, receiver, memo = "" } = readJsonObject(data) ?? {};
  const isTransfer =
    typeof denom === "string" &&
    typeof amount === "string" &&
    typeof sender === "string" &&
    typeof receiver === "string" &&
    typeof memo === "string" &&
    /^\d{1,78}$/.test(amount);
  return isTransfer ? { denom, amount, sender, receiver, memo } : undefined;
}

/** Whom a memo asks to call, and the message with its keys sorted: `{"wasm":{"contract":…,"msg":{…}}}`. */
export function readHook(
  memo: string,
): { readonly contract: string; readonly message: string } | undefined {
  const { wasm } = readJsonObject(utf8(memo)) ?? {};
  if (!isObject(wasm)) return undefined;
  const { contract, msg } = wasm;
  if (typeof contract !== "string" || !isObject(msg)) return undefined;
  return { contract, message: toSortedJson(msg) };
}

/** Whom a memo asks to tell what became of the transfer: `{"ibc_callback":…}`. */
export function readCallback(memo: string): string | undefined {
  const { ibc_callback: contract } = readJsonObject(utf8(memo)) ?? {};
  return typeof contract === "string" ? contract : undefined;
}

/**
 * The coin that a transfer brings: its own again if it comes home, else a voucher named by the way
 * it came.
 */
export function receivedCoin(packet: IbcPacket, { denom, amount }: TransferPacket): Coin {
  const { source, destination } = packet;
  const homeward = `${source.portId}/${source.channelId}/`;
  if (!denom.startsWith(homeward)) {
    return {
      denom: voucher(`${destination.portId}/${destination.channelId}/${denom}`),
      amount,
    };
  }
  const rest = denom.slice(homeward.length);
  const [port, channel, ...base] = rest.split("/");
  const isVoucher = port !== undefined && channel?.startsWith("channel-") && base.length > 0;
  return { denom: isVoucher ? voucher(rest) : rest, amount };
}

function voucher(path: string): string {
  return `ibc/${toHex(sha256(utf8(path))).toUpperCase()}`;
}

/** As the network judges: an object with a text under `error`. */
export function isErrorAcknowledgement(acknowledgement: Uint8Array): boolean {
  return typeof readJsonObject(acknowledgement)?.error === "string";
}

/** The acknowledgement of the application, where relayers' fees wrap it (ICS-29); else the whole. */
export function incentivizedPart(acknowledgement: Uint8Array): unknown {
  return readJsonObject(acknowledgement)?.app_acknowledgement;
}
