import type { SignerAccount, TxNotice } from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import { attempt } from "../errors.ts";
import type { KeyRing } from "../keys/key-ring.ts";
import { clientKeyOf } from "../message/input.ts";
import { Transaction, type TransactionContext } from "./transaction.ts";

/**
 * The transaction that the host says comes next, prepared while the host works: one at most. Its
 * word proves nothing and allows nothing: the transaction must still begin, with everything that is
 * checked then. A wrong one wastes time.
 */
export class UpcomingTransaction {
  readonly #ring: KeyRing;
  readonly #context: TransactionContext;
  #prepared: { readonly notice: TxNotice; readonly transaction: Transaction } | undefined;

  constructor(ring: KeyRing, context: TransactionContext) {
    this.#ring = ring;
    this.#context = context;
  }

  /**
   * Decodes it, verifies its signatures and agrees with its authors on their keys, which the ring
   * remembers.
   * @returns what {@link take} gives, if nothing else comes in between.
   */
  prepare(notice: TxNotice): Transaction {
    this.#prepared = undefined;
    const transaction = new Transaction(notice, this.#context);
    transaction.verifySenders();
    for (const input of transaction.sealedInputs()) {
      attempt(() => this.#ring.agree(clientKeyOf(input)));
    }
    this.#prepared = { notice, transaction };
    return transaction;
  }

  /** What begins: the prepared one, once, if it is the same in every byte and signer. */
  take(notice: TxNotice): Transaction {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    if (prepared !== undefined && isSame(prepared.notice, notice)) return prepared.transaction;
    return new Transaction(notice, this.#context);
  }

  drop(): void {
    this.#prepared = undefined;
  }
}

function isSame(a: TxNotice, b: TxNotice): boolean {
  return (
    a.index === b.index &&
    equalBytes(a.txBytes, b.txBytes) &&
    a.signers.length === b.signers.length &&
    a.signers.every((signer, index) => isSameSigner(signer, b.signers[index]!))
  );
}

function isSameSigner(a: SignerAccount, b: SignerAccount): boolean {
  return (
    a.accountNumber === b.accountNumber &&
    a.sequence === b.sequence &&
    equalBytes(a.address, b.address) &&
    equalBytes(a.publicKey, b.publicKey)
  );
}
