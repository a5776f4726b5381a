/** Checks of messages that need no state (the network's ValidateBasic). */
import {
  checkCoins,
  coinsFromWire,
  EncodingError,
  fromBech32,
  type WireCoin,
} from "@tacit/encoding";
import type {
  MsgClearAdmin,
  MsgContractGovernanceProposal,
  MsgExecuteContract,
  MsgInstantiateContract,
  MsgMigrateContract,
  MsgSetContractGovernance,
  MsgStoreCode,
  MsgUpdateAdmin,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type AddressCodec, sdkErrors, utf8Bytes, wrapError } from "@tacit/sdk";
import { computeErrors } from "./errors.ts";
import { BUILDER_CHARS_MAX, LABEL_BYTES_MAX, MESSAGE_BYTES_MAX, WASM_BYTES_MAX } from "./limits.ts";

export function checkStoreCode(message: MsgStoreCode): void {
  checkRawAddress(message.sender);
  within("code bytes", () => checkWasm(message.wasmByteCode));
  within("source", () => checkSource(message.source));
  within("builder", () => checkBuilder(message.builder));
}

export function checkInstantiate(message: MsgInstantiateContract): void {
  checkRawAddress(message.sender);
  if (message.codeId === 0n) throw sdkErrors.invalidRequest.wrap("code_id is required");
  checkLabel(message.label);
  checkFunds(message.initFunds, undefined);
  checkMessageSize(message.initMsg);
}

export function checkExecute(message: MsgExecuteContract): void {
  checkRawAddress(message.sender);
  checkRawAddress(message.contract);
  checkFunds(message.sentFunds, "sentFunds");
  checkMessageSize(message.msg);
}

export function checkMigrate(message: MsgMigrateContract, addresses: AddressCodec): void {
  if (message.codeId === 0n) throw sdkErrors.invalidRequest.wrap("code id is required");
  checkTextAddress(addresses, message.sender, "sender");
  checkTextAddress(addresses, message.contract, "contract");
  checkMessageSize(message.msg);
}

export function checkUpdateAdmin(message: MsgUpdateAdmin, addresses: AddressCodec): void {
  checkTextAddress(addresses, message.sender, "sender");
  checkTextAddress(addresses, message.contract, "contract");
  checkTextAddress(addresses, message.newAdmin, "new admin");
  if (message.sender.toLowerCase() === message.newAdmin.toLowerCase()) {
    throw computeErrors.invalidMessage.wrap("new admin is the same as the old");
  }
}

export function checkClearAdmin(message: MsgClearAdmin, addresses: AddressCodec): void {
  checkTextAddress(addresses, message.sender, "sender");
  checkTextAddress(addresses, message.contract, "contract");
}

export function checkSetGovernance(
  message: MsgSetContractGovernance,
  addresses: AddressCodec,
): void {
  checkTextAddress(addresses, message.sender, "sender");
  checkTextAddress(addresses, message.contractAddress, "contract");
}

export function checkGovernanceProposal(
  message: MsgContractGovernanceProposal,
  addresses: AddressCodec,
): void {
  checkTextAddress(addresses, message.authority, "authority");
  for (const { address } of message.contracts) checkTextAddress(addresses, address, "contract");
  for (const { address, newAdmin } of message.adminUpdates) {
    checkTextAddress(addresses, address, "contract");
    if (newAdmin !== "") checkTextAddress(addresses, newAdmin, "new admin");
  }
}

/** @throws {EncodingError} with `what: ` in front of its text. */
export function checkTextAddress(addresses: AddressCodec, text: string, what: string): Uint8Array {
  try {
    // As upstream's AccAddressFromBech32 and not its codec, whose words for a wrong prefix are others.
    fromBech32(addresses.prefix, text);
    return addresses.toBytes(text);
  } catch (error) {
    throw wrapError(error, what);
  }
}

/** 20 bytes of an account or 32 of a derived one. @throws {SdkError} `sdk/9` */
export function checkRawAddress(address: Uint8Array): void {
  if (address.length === 20 || address.length === 32) return;
  const text =
    address.length === 0
      ? "addresses cannot be empty"
      : `address length must be 20 or 32 bytes, got ${address.length}`;
  throw sdkErrors.unknownAddress.wrap(text);
}

/** 1 to 512 bytes. @throws {SdkError} `compute/11`, `compute/12` */
export function checkLabel(label: string): void {
  if (label === "") throw computeErrors.empty.wrap("is required");
  if (utf8Bytes(label).length > LABEL_BYTES_MAX) {
    throw computeErrors.limit.wrap("cannot be longer than 128 characters");
  }
}

/** @throws {SdkError} `compute/13` unless empty or an https address. */
export function checkSource(source: string): void {
  if (source === "") return;
  if (!URL.canParse(source)) throw computeErrors.invalid.wrap("not an absolute url");
  if (new URL(source).protocol !== "https:") throw computeErrors.invalid.wrap("must use https");
}

const builderPattern =
  /^[a-z0-9][a-z0-9._-]*[a-z0-9](?:\/[a-z0-9][a-z0-9._-]*[a-z0-9])+:[a-zA-Z0-9_][a-zA-Z0-9_.-]*$/;

/** Empty or the name of an image with a tag. @throws {SdkError} `compute/12`, `compute/13` */
export function checkBuilder(builder: string): void {
  if (builder.length > BUILDER_CHARS_MAX) {
    throw computeErrors.limit.wrap("longer than 128 characters");
  }
  if (builder !== "" && !builderPattern.test(builder)) throw computeErrors.invalid.make();
}

function checkWasm(code: Uint8Array): void {
  if (code.length === 0) throw computeErrors.empty.wrap("is required");
  if (code.length > WASM_BYTES_MAX) {
    throw computeErrors.limit.wrap(`cannot be longer than ${WASM_BYTES_MAX} bytes`);
  }
}

/** The enclave takes no more; the network's answer comes from there too. */
function checkMessageSize(message: Uint8Array): void {
  if (message.length > MESSAGE_BYTES_MAX) {
    throw computeErrors.limit.wrap(`message cannot be longer than ${MESSAGE_BYTES_MAX} bytes`);
  }
}

function checkFunds(funds: readonly WireCoin[], what: string | undefined): void {
  try {
    checkCoins(coinsFromWire(funds));
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw what === undefined ? sdkErrors.invalidCoins.make() : sdkErrors.invalidCoins.wrap(what);
  }
}

/** What is wrong with a part makes the request invalid (`sdk/18`), whatever its own code. */
function within(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    throw sdkErrors.invalidRequest.wrap(`${what} ${text}`);
  }
}
