/** Runs `sudo` of the contract in its argument, base64, where V8 may give less memory. */
import { createAddressApi, createEngine } from "../src/index.ts";

const wasm = new Uint8Array(Buffer.from(process.argv[2] ?? "", "base64"));
const unused = (): never => {
  throw new TypeError("nothing is asked of the host");
};
try {
  const result = createEngine({ cacheBytesMax: 0 }).call(new Uint8Array(32), () => wasm, {
    entryPoint: "sudo",
    args: [new Uint8Array(1), new Uint8Array(1)],
    gasLimit: 1_000_000_000n,
    storage: { isReadOnly: true, read: unused, write: unused, remove: unused },
    querier: { query: unused },
    addresses: createAddressApi("secret"),
    crypto: {
      secp256k1Verify: unused,
      secp256k1RecoverPubkey: unused,
      ed25519Verify: unused,
      ed25519BatchVerify: unused,
      secp256k1Sign: unused,
      ed25519Sign: unused,
    },
  });
  console.log(result.ok ? `${result.output[0]} pages` : result.error.code);
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
