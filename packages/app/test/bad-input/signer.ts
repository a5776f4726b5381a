/** A user's account for messages that no wallet would make: any bytes, signed and encrypted fast. */
import {
  accountAddress,
  hkdfSha256,
  Secret,
  SivKey,
  secp256k1PublicKey,
  X25519PrivateKey,
} from "@tacit/crypto";
import { concatBytes, fromHex, toHex } from "@tacit/encoding";
import type { AnyValue } from "@tacit/sdk";
import type { LocalChain, LocalUser } from "../local-chain.ts";
import { signTx, type TestAccount } from "../signing.ts";

const SALT = fromHex("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d");
const utf8 = (text: string) => new TextEncoder().encode(text);

export class Signer {
  readonly account: TestAccount;
  readonly #user: LocalUser;
  readonly #networkKey: Uint8Array;
  readonly #key = new X25519PrivateKey(new Uint8Array(32).fill(42));
  #nonces = 0;

  constructor(chain: LocalChain, user: LocalUser) {
    const key = new Secret(user.wallet.privateKey, "test key");
    const publicKey = secp256k1PublicKey(key);
    const address = accountAddress(publicKey);
    this.account = { key, publicKey, address, accountNumber: user.accountNumber };
    this.#user = user;
    this.#networkKey = chain.chain.enclaveInfo.ioPublicKey;
  }

  /** Under the user's next sequence number, which is used up only by `spend`. */
  sign(messages: readonly AnyValue[], gasLimit: bigint): Uint8Array {
    const sequence = BigInt(this.#user.sequence);
    const { account } = this;
    return signTx({ account, chainId: "secretdev-1", messages, gasLimit, sequence });
  }

  spend(): void {
    this.#user.sequence += 1;
  }

  /** Section 2.1 of the privacy protocol. */
  encrypt(codeHash: Uint8Array, message: string): Uint8Array {
    this.#nonces += 1;
    const nonce = new Uint8Array(32);
    new DataView(nonce.buffer).setUint32(0, this.#nonces);
    const ikm = concatBytes(this.#key.sharedSecret(this.#networkKey), nonce);
    const info = new Uint8Array(0);
    const key = new SivKey(hkdfSha256({ salt: SALT, ikm, info, lengthBytes: 32 }));
    const sealed = key.seal(utf8(toHex(codeHash) + message), [new Uint8Array(0)]);
    return concatBytes(nonce, this.#key.publicKey(), sealed);
  }
}
