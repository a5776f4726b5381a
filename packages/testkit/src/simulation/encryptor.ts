/** Messages to contracts, sealed as clients seal them, with nonces that are counted. */
import { hkdfSha256, SivKey, sha256, X25519PrivateKey } from "@tacit/crypto";
import { concatBytes, fromHex, toHex } from "@tacit/encoding";
import { utf8Bytes } from "@tacit/sdk";

/** Privacy protocol section 2.1. */
const salt = fromHex("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d");
const empty = new Uint8Array(0);

export class Encryptor {
  readonly #key = new X25519PrivateKey(sha256(utf8Bytes("testkit encryptor")));
  readonly #networkKey: Uint8Array;
  #count = 0;

  /** @param networkKey x25519, 32 bytes: what the network's enclave published. */
  constructor(networkKey: Uint8Array) {
    this.#networkKey = networkKey;
  }

  /** `nonce(32) ‖ publicKey(32) ‖ ciphertext`. @param codeHash 32 bytes. */
  encrypt(codeHash: Uint8Array, message: object): Uint8Array {
    this.#count += 1;
    const nonce = sha256(utf8Bytes(`nonce ${this.#count}`));
    const ikm = concatBytes(this.#key.sharedSecret(this.#networkKey), nonce);
    const key = new SivKey(hkdfSha256({ salt, ikm, info: empty, lengthBytes: 32 }));
    const sealed = key.seal(utf8Bytes(toHex(codeHash) + JSON.stringify(message)), [empty]);
    return concatBytes(nonce, this.#key.publicKey(), sealed);
  }
}
