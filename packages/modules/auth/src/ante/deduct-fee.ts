/** Fees leave the payer before anything else happens, and stay gone if messages fail. */
import { type Coin, equalBytes, ProtocolError } from "@tacit/encoding";
import {
  type AddressCodec,
  type AnteDecorator,
  type Context,
  createEvent,
  type DecodedTx,
  isFatal,
  PanicError,
  SdkError,
  sdkErrors,
  utf8Text,
  wrapError,
} from "@tacit/sdk";
import type { AccountKeeper } from "../keeper.ts";
import { feeCollectorName } from "../names.ts";
import { feeText, isValidFee } from "./validate.ts";

/** What fees need of `bank`. */
export interface FeeBank {
  /** @throws {SdkError} `sdk/5` and others. */
  sendCoinsFromAccountToModule(
    context: Context,
    from: Uint8Array,
    module: string,
    coins: readonly Coin[],
  ): void;
}

/** What fees need of `feegrant`. */
export interface FeeGrants {
  /** Takes `fee` off what `granter` allows `grantee`. @throws {SdkError} if it does not. */
  useGrantedFees(
    context: Context,
    granter: Uint8Array,
    grantee: Uint8Array,
    fee: readonly Coin[],
    tx: DecodedTx,
  ): void;
}

export interface DeductFeeCollaborators {
  readonly accounts: AccountKeeper;
  readonly bank: FeeBank;
  /** Absent: fee grants are not enabled. */
  readonly feeGrants?: FeeGrants | undefined;
}

export function deductFee(collaborators: DeductFeeCollaborators): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    const gasLimit = tx.fee?.gasLimit ?? 0n;
    if (!isSimulation && context.height > 0n && gasLimit === 0n) {
      throw sdkErrors.invalidGasLimit.wrap("must provide positive gas");
    }
    if (!isSimulation) assertMinGasPrice(context, tx, gasLimit);
    const payer = takeFee(context, tx, collaborators);
    const { addresses } = collaborators.accounts.options;
    context.events.emit(
      createEvent("tx", ["fee", feeText(tx)], ["fee_payer", addresses.toText(payer)]),
    );
    return next(context, tx, isSimulation);
  };
}

const oneDec = 10n ** 18n;

/** This node's own rule, for its pending queue: enough of any configured denomination. */
function assertMinGasPrice(context: Context, tx: DecodedTx, gasLimit: bigint): void {
  const prices = context.minGasPrices.filter(({ amount }) => amount > 0n);
  if (!context.isCheck || prices.length === 0) return;
  const required = prices.map(({ denom, amount }) => ({
    denom,
    amount: (amount * gasLimit + oneDec - 1n) / oneDec,
  }));
  const paid = tx.fee?.amount ?? [];
  const isEnough = required.some(({ denom, amount }) =>
    paid.some((coin) => coin.denom === denom && (coin.amount ?? 0n) >= amount && amount > 0n),
  );
  if (isEnough) return;
  const requiredText = required.map(({ denom, amount }) => `${amount}${denom}`).join(",");
  throw sdkErrors.insufficientFee.wrap(
    `insufficient fees; got: ${feeText(tx)} required: ${requiredText}`,
  );
}

/** A granter that is no address is a panic in the SDK. */
function granterAddress(addresses: AddressCodec, text: string): Uint8Array {
  try {
    return addresses.toBytes(text);
  } catch (cause) {
    if (!(cause instanceof ProtocolError) || isFatal(cause)) throw cause;
    throw new PanicError(cause.message, { cause });
  }
}

/** @returns who paid. Errors print addresses as bytes, as the SDK's do. */
function takeFee(
  context: Context,
  tx: DecodedTx,
  { accounts, bank, feeGrants }: DeductFeeCollaborators,
): Uint8Array {
  const { addresses } = accounts.options;
  const fee = (tx.fee?.amount ?? []).map(({ denom, amount }) => ({ denom, amount: amount ?? 0n }));
  let payer = tx.feePayer;
  const granterText = tx.fee?.granter ?? "";
  if (granterText !== "") {
    const granter = granterAddress(addresses, granterText);
    if (feeGrants === undefined) throw sdkErrors.invalidRequest.wrap("fee grants are not enabled");
    if (!equalBytes(granter, payer)) {
      try {
        feeGrants.useGrantedFees(context, granter, payer, fee, tx);
      } catch (error) {
        throw wrapError(
          error,
          `${utf8Text(granter)} does not allow to pay fees for ${utf8Text(payer)}`,
        );
      }
    }
    payer = granter;
  }
  if (accounts.getAccount(context, payer) === undefined) {
    throw sdkErrors.unknownAddress.wrap(`fee payer address: ${utf8Text(payer)} does not exist`);
  }
  if (fee.every(({ amount }) => amount === 0n)) return payer;
  if (!isValidFee(tx)) {
    throw sdkErrors.insufficientFee.wrap(`invalid fee amount: ${feeText(tx)}`);
  }
  try {
    bank.sendCoinsFromAccountToModule(context, payer, feeCollectorName, fee);
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    throw sdkErrors.insufficientFunds.wrap(error.message);
  }
  return payer;
}
