/** The flags that every transaction has, and the way from messages to a block. */
import { Secret } from "@tacit/crypto";
import { encodeMessage, toClientJson } from "@tacit/encoding";
import { type Tx, TxSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import type { Command } from "commander";
import {
  accountNumbers,
  broadcast,
  simulate,
  type TxOutcome,
  waitForTx,
} from "../../chain/node.ts";
import {
  publicKeyAny,
  type SignerNumbers,
  type SignModeName,
  signTx,
  unsignedTx,
  withoutSignature,
} from "../../chain/transaction.ts";
import { type JsonMessage, networkTypes, packMessage } from "../../chain/types.ts";
import { chainIdOf, positive } from "../../client.ts";
import type { ClientSettings } from "../../config.ts";
import { CliError } from "../../errors.ts";
import { deriveKey } from "../../keys/derive.ts";
import { Keyring } from "../../keys/keyring.ts";
import { readPassphrase } from "../../keys/passphrase.ts";
import { addClientSettings, clientSettings } from "../../options.ts";
import { print, table } from "../../output.ts";
import { addressOf, coinsOf, integer } from "../parse.ts";

/** As commander gives them. */
export interface SendFlags {
  readonly from?: string;
  readonly gas?: string;
  readonly gasAdjustment?: string;
  readonly gasPrice?: string;
  readonly fees?: string;
  readonly feeGranter?: string;
  readonly memo?: string;
  readonly timeoutHeight?: string;
  readonly signMode?: string;
  readonly generateOnly?: boolean;
  readonly dryRun?: boolean;
  readonly offline?: boolean;
  readonly accountNumber?: string;
  readonly sequence?: string;
  readonly chainId?: string;
  /** Commander's name for `--no-wait`. */
  readonly wait?: boolean;
  readonly passphraseFile?: string;
}

/** Gas of a transaction that nobody simulates. */
const gasOffline = 200_000n;
const gasAdjustmentDefault = 1.3;
/** Added to an estimate: the state moves on until the transaction runs. */
const gasMargin = 10_000n;
/** uscrt for a unit of gas. */
const gasPriceDefault = 0.1;
const feeDenom = "uscrt";

export function sendFlags(command: Command): Command {
  addClientSettings(command);
  command.option("--from <key>", "name of the key that signs and pays");
  return signingFlags(command)
    .option("--gas <number>", 'gas limit, or "auto" to simulate first (default: auto)')
    .option(
      "--gas-adjustment <factor>",
      `of what a simulation used (default: ${gasAdjustmentDefault})`,
    )
    .option("--gas-price <number>", `${feeDenom} for a unit of gas (default: ${gasPriceDefault})`)
    .option("--fees <coins>", "the whole fee, instead of --gas-price")
    .option("--fee-granter <address>", "who allows this key to spend from its coins for fees")
    .option("--memo <text>", "a note that everybody can read")
    .option("--timeout-height <height>", "refuse it after this block")
    .option("--generate-only", "print the unsigned transaction as JSON; --from may be an address")
    .option("--dry-run", "print the gas that it would use, and send nothing")
    .option("--no-wait", "do not wait until it is in a block");
}

/** What signing needs, with or without a node. */
export function signingFlags(command: Command): Command {
  return command
    .option("--sign-mode <mode>", "direct or amino-json (default: direct)")
    .option("--offline", "ask no node: needs --account-number, --sequence and --chain-id")
    .option("--account-number <number>", "number of the account, with --offline")
    .option("--sequence <number>", "of the account, with --offline")
    .option("--chain-id <id>", "name of the chain, with --offline")
    .option("--passphrase-file <path>", "read the key's passphrase from a file");
}

/** Who pays, and what addresses mean. */
export interface Author {
  readonly settings: ClientSettings;
  readonly keyring: Keyring;
  readonly address: string;
}

/** @throws {CliError} `cli/usage` without --from, `cli/key_unknown`. */
export function authorOf(flags: SendFlags): Author {
  const settings = clientSettings({ ...flags });
  const keyring = new Keyring(settings.home);
  if (flags.from === undefined) {
    const hint = "`tacit keys list` shows which keys there are.";
    throw new CliError("cli/usage", "--from is missing: which key signs and pays?", hint);
  }
  return { settings, keyring, address: addressOf(keyring, flags.from) };
}

/** Signs, sends and waits; or prints what it would, as the flags say. */
export async function send(
  given: SendFlags,
  author: Author,
  messages: readonly JsonMessage[],
): Promise<void> {
  const packed = messages.map(packMessage);
  const { settings, keyring } = author;
  const granter = given.feeGranter;
  const flags =
    granter === undefined ? given : { ...given, feeGranter: addressOf(keyring, granter) };
  if (flags.generateOnly === true) {
    const gas = gasLimitOf(flags) ?? gasOffline;
    print("json", txJson(draft(flags, packed, gas)), String);
    return;
  }
  const signer = await openSigner(flags, author);
  const numbers = await numbersOf(flags, settings, author.address);
  const gas = await chooseGas(flags, author, packed, signer.publicKey, numbers);
  if (flags.dryRun === true) {
    print(settings.output, { gas_estimate: `${gas}` }, ({ gas_estimate }) => gas_estimate);
    return;
  }
  const tx = signTx(draft(flags, packed, gas), signer, numbers, signModeOf(flags));
  if (flags.offline === true) {
    print("json", txJson(tx), String);
    return;
  }
  await submit(flags, settings, encodeMessage(TxSchema, tx));
}

/** Hands signed bytes to the node and says what became of them. */
export async function submit(
  flags: Pick<SendFlags, "wait">,
  settings: ClientSettings,
  txBytes: Uint8Array,
): Promise<void> {
  const txhash = await broadcast(settings.rest, txBytes);
  if (flags.wait === false) {
    print(settings.output, { txhash }, (value) => value.txhash);
    return;
  }
  const outcome = await waitForTx(settings.rest, txhash);
  print(settings.output, summary(outcome), (value) =>
    table(Object.entries(value).map(([name, field]) => [name.replaceAll("_", " "), `${field}`])),
  );
}

function summary({ txhash, height, gas_used, gas_wanted, events }: TxOutcome) {
  const proposal = events
    .find(({ type }) => type === "submit_proposal")
    ?.attributes.find(({ key }) => key === "proposal_id")?.value;
  return {
    txhash,
    height,
    gas_used: Number(gas_used),
    gas_wanted: Number(gas_wanted),
    ...(proposal !== undefined && { proposal_id: proposal }),
  };
}

export function txJson(tx: Tx) {
  return toClientJson(TxSchema, tx, networkTypes());
}

function draft(
  flags: SendFlags,
  messages: Parameters<typeof unsignedTx>[0]["messages"],
  gas: bigint,
) {
  return unsignedTx({
    messages,
    memo: flags.memo ?? "",
    timeoutHeight: integer(flags.timeoutHeight ?? "0", "--timeout-height"),
    fee: { amount: feeOf(flags, gas), gasLimit: gas, granter: flags.feeGranter ?? "" },
  });
}

function feeOf(flags: SendFlags, gas: bigint) {
  if (flags.fees !== undefined) return coinsOf(flags.fees);
  const price = positive(flags.gasPrice, "--gas-price") ?? gasPriceDefault;
  return [{ denom: feeDenom, amount: `${Math.ceil(Number(gas) * price)}` }];
}

function gasLimitOf(flags: SendFlags): bigint | undefined {
  if (flags.gas === undefined || flags.gas === "auto") return undefined;
  return integer(flags.gas, "--gas");
}

async function chooseGas(
  flags: SendFlags,
  { settings }: Author,
  messages: Parameters<typeof unsignedTx>[0]["messages"],
  publicKey: Uint8Array,
  { sequence }: SignerNumbers,
): Promise<bigint> {
  const given = gasLimitOf(flags);
  if (given !== undefined && flags.dryRun !== true) return given;
  if (flags.offline === true) return gasOffline;
  const probe = withoutSignature(draft(flags, messages, 0n), publicKeyAny(publicKey), sequence);
  const used = await simulate(settings.rest, encodeMessage(TxSchema, probe));
  const factor = positive(flags.gasAdjustment, "--gas-adjustment") ?? gasAdjustmentDefault;
  return flags.dryRun === true ? used : BigInt(Math.ceil(Number(used) * factor)) + gasMargin;
}

export function signModeOf({ signMode }: Pick<SendFlags, "signMode">): SignModeName {
  if (signMode === undefined || signMode === "direct") return "direct";
  if (signMode === "amino-json") return "amino-json";
  throw new CliError("cli/usage", `--sign-mode is "${signMode}"; it is direct or amino-json.`);
}

/** From the flags with --offline, else from the node. */
export async function numbersOf(
  flags: SendFlags,
  settings: ClientSettings,
  address: string,
): Promise<SignerNumbers> {
  if (flags.offline === true) {
    if (flags.accountNumber === undefined || flags.sequence === undefined || !flags.chainId) {
      const hint = "`tacit query account <address>` prints the numbers.";
      const message = "--offline needs --account-number, --sequence and --chain-id.";
      throw new CliError("cli/usage", message, hint);
    }
    return {
      chainId: flags.chainId,
      accountNumber: integer(flags.accountNumber, "--account-number"),
      sequence: integer(flags.sequence, "--sequence"),
    };
  }
  const chainId = flags.chainId ?? (await chainIdOf(settings.rest));
  return { chainId, ...(await accountNumbers(settings.rest, address)) };
}

export async function openSigner(
  flags: Pick<SendFlags, "from" | "passphraseFile">,
  { keyring }: Pick<Author, "keyring">,
) {
  const name = flags.from ?? "";
  const source = {
    ...(flags.passphraseFile !== undefined && { passphraseFile: flags.passphraseFile }),
  };
  const key = await keyring.open(name, () => readPassphrase(source, `of key ${name}`));
  const { publicKey, privateKey } = deriveKey(key.mnemonic, key.accountIndex);
  return { publicKey, privateKey: new Secret(privateKey, `key ${name}`) };
}
