/** Checks of a transaction's shape and limits. */
import { isDenom } from "@tacit/encoding";
import type { AddressCodec, AnteDecorator, DecodedTx } from "@tacit/sdk";
import { PlainError, sdkErrors, utf8Bytes } from "@tacit/sdk";
import type { AccountKeeper } from "../keeper.ts";

/** More gas cannot be asked for: 2^63 - 1. */
const gasWantedMax = (1n << 63n) - 1n;

/** No extension option is known, so a critical one cannot be understood. */
export const refuseExtensionOptions: AnteDecorator = (context, tx, isSimulation, next) => {
  if (tx.extensionOptions.length > 0) throw sdkErrors.unknownExtensionOptions.make();
  return next(context, tx, isSimulation);
};

/** Checks that need no state; not repeated when a transaction is checked again. */
export function validateBasic(addresses: AddressCodec): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    if (context.mode !== "recheck") assertBasic(tx, addresses);
    return next(context, tx, isSimulation);
  };
}

function assertBasic(tx: DecodedTx, addresses: AddressCodec): void {
  const { fee } = tx;
  if (fee === undefined) throw new PlainError("missing fee");
  if (fee.gasLimit > gasWantedMax) {
    throw sdkErrors.invalidRequest.wrap(`invalid gas supplied; ${fee.gasLimit} > ${gasWantedMax}`);
  }
  if (fee.amount.some(({ amount }) => amount === undefined)) {
    throw sdkErrors.insufficientFee.wrap("invalid fee provided: null");
  }
  if (fee.amount.some(({ amount }) => (amount ?? 0n) < 0n)) {
    throw sdkErrors.insufficientFee.wrap(`invalid fee provided: ${feeText(tx)}`);
  }
  if (fee.payer !== "") {
    try {
      addresses.toBytes(fee.payer);
    } catch (error) {
      throw sdkErrors.invalidAddress.wrap(
        `Invalid fee payer address (${(error as Error).message})`,
      );
    }
  }
  if (tx.signatures.length === 0) throw sdkErrors.noSignatures.make();
  const expected = tx.signers.length;
  if (tx.signatures.length !== expected) {
    throw sdkErrors.unauthorized.wrap(
      `wrong number of signers; expected ${expected}, got ${tx.signatures.length}`,
    );
  }
}

/** The fee as events and errors print it. */
export function feeText(tx: DecodedTx): string {
  return (tx.fee?.amount ?? []).map(({ denom, amount }) => `${amount ?? 0n}${denom}`).join(",");
}

/** Whether the fee is sorted, without repeats, and of positive amounts. */
export function isValidFee(tx: DecodedTx): boolean {
  let previous = "";
  for (const { denom, amount } of tx.fee?.amount ?? []) {
    if (!isDenom(denom) || amount === undefined || amount <= 0n) return false;
    if (previous !== "" && denom <= previous) return false;
    previous = denom;
  }
  return true;
}

export const timeoutHeight: AnteDecorator = (context, tx, isSimulation, next) => {
  if (tx.timeoutHeight > 0n && context.height > tx.timeoutHeight) {
    throw sdkErrors.txTimeoutHeight.wrap(
      `block height: ${context.height}, timeout height: ${tx.timeoutHeight}`,
    );
  }
  return next(context, tx, isSimulation);
};

export function validateMemo(accounts: AccountKeeper): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    if (tx.memo.length > 0) {
      const bytes = utf8Bytes(tx.memo).length;
      const { maxMemoCharacters } = accounts.getParams(context);
      if (BigInt(bytes) > maxMemoCharacters) {
        throw sdkErrors.memoTooLarge.wrap(
          `maximum number of characters is ${maxMemoCharacters} but received ${bytes} characters`,
        );
      }
    }
    return next(context, tx, isSimulation);
  };
}
