/** secretjs's own encryption, with the network's public key in place of a request for it. */

import { toHex } from "@tacit/encoding";
import { EncryptionUtilsImpl } from "secretjs";

export interface Client {
  encrypt(codeHash: Uint8Array, message: object): Promise<Uint8Array>;
  decryptText(sealed: Uint8Array, encrypted: Uint8Array): Promise<string>;
}

export function secretjsClient(ioPublicKey: Uint8Array, seed = 7): Client {
  const utils = new EncryptionUtilsImpl("http://unused", new Uint8Array(32).fill(seed));
  Object.assign(utils, { consensusIoPubKey: ioPublicKey });
  return {
    encrypt: (codeHash, message) => utils.encrypt(toHex(codeHash), message),
    /** `encrypted` is the input whose nonce is the key. */
    async decryptText(sealed, encrypted) {
      const plaintext = await utils.decrypt(sealed, encrypted.slice(0, 32));
      return new TextDecoder().decode(plaintext);
    },
  };
}
