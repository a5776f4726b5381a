/** The order of ante decorators. @see chain-and-client-api section 1.3 */
import {
  type AccountKeeper,
  consumeSignatureGas,
  consumeSizeGas,
  createSignatureVerifier,
  deductFee,
  type FeeBank,
  type FeeGrants,
  incrementSequences,
  limitSignatures,
  refuseExtensionOptions,
  setPublicKeys,
  setUpContext,
  timeoutHeight,
  validateBasic,
  validateMemo,
  verifySignatures,
} from "@tacit/module-auth";
import {
  type AnteDecorator,
  type AnteNext,
  chainAnteDecorators,
  type TypeResolver,
} from "@tacit/sdk";
import { refuseTrippedTypes } from "./circuit.ts";

export interface AnteChainOptions {
  readonly accounts: AccountKeeper;
  readonly bank: FeeBank;
  /** Absent: nobody pays for others. */
  readonly feeGrants?: FeeGrants;
  readonly types: TypeResolver;
  /** Secret's sign mode 191. */
  readonly eip191: boolean;
  /** Decorators before gas is metered: compute's CountTX. */
  readonly unmetered: readonly AnteDecorator[];
}

export function createAnteChain(options: AnteChainOptions): AnteNext {
  const { accounts, bank, feeGrants } = options;
  return chainAnteDecorators([
    ...options.unmetered,
    setUpContext,
    refuseTrippedTypes,
    refuseExtensionOptions,
    validateBasic(accounts.addresses),
    timeoutHeight,
    validateMemo(accounts),
    consumeSizeGas(accounts),
    deductFee({ accounts, bank, feeGrants }),
    setPublicKeys(accounts),
    limitSignatures(accounts),
    consumeSignatureGas(accounts),
    verifySignatures(accounts, createSignatureVerifier(options)),
    incrementSequences(accounts),
  ]);
}

/** Those of them that say whether a transaction's signatures hold, for who looks at it before its turn. */
export function createSignatureCheck(
  options: Pick<AnteChainOptions, "accounts" | "types" | "eip191">,
): AnteNext {
  const { accounts } = options;
  return chainAnteDecorators([
    setPublicKeys(accounts),
    limitSignatures(accounts),
    verifySignatures(accounts, createSignatureVerifier(options)),
  ]);
}
