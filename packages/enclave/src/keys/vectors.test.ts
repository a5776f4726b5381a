import { concat, contractAddress, Secret, SivKey, sha256, X25519PrivateKey } from "@tacit/crypto";
import { fromHex, toBech32, toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { deriveFromSeed, type KeyPurpose } from "./derive.ts";
import { createKeyRing } from "./key-ring.ts";
import { encryptSeeds } from "./seed-exchange.ts";

/** The appendix of the privacy protocol: seeds 32×11 and 32×22. */
const GENESIS = new Uint8Array(32).fill(0x11);
const CURRENT = new Uint8Array(32).fill(0x22);
const seeds = [new Secret(GENESIS, "genesis seed"), new Secret(CURRENT, "current seed")];
const ring = createKeyRing(seeds);

const creator = new Uint8Array(20).fill(0x55);
const codeHash = new Uint8Array(32).fill(0xaa);
const contract = fromHex("a177d72f4d0e7238c39f9d460d2c5b32bb15f84f");
const ORIGINAL_KEY =
  "dd4326914fa2289b0e7e7c28b8fabbb1bc37474d387d16d0d34cf8fa10072a01" +
  "3bb8ae2a4c6b989994b125b23d2164c828325c05cc5d78d51e18732709dc310a";

describe("the appendix's keys", () => {
  it.each<[Uint8Array, KeyPurpose, string]>([
    [CURRENT, "seedExchange", "802d543dc2a4aba0cd8fad0b0525454f2b5b49dbb2122fc008278480bbb5b690"],
    [CURRENT, "ioExchange", "4cd06d79bb2bd997eed80bb08d6814b2b5834780286316e6bc4c1a9c53660951"],
    [CURRENT, "state", "59a25409268f20ec8f85c9c9585131ad650b8f1345e98c9d7d3c8f36beb2f65b"],
    [CURRENT, "callback", "25ef0afac75f9c41d9e6d7627e2140d8bfb9eaf0c5c676aaa26286969e119197"],
    [CURRENT, "adminProof", "01d23fa0f12f4a41bf885656aadbe1fba623a27c6f4e710cd38b807e81ae858b"],
    [GENESIS, "state", "59e1814db1c23012d7a92eb1cfe7ac2d0afe5d0e66d17711ff4d18e4a7f1eeb7"],
  ])("derive from their seeds", (seed, purpose, expected) => {
    expect(toHex(deriveFromSeed(seed, purpose))).toBe(expected);
  });

  it("have the published halves", () => {
    expect(toHex(ring.seedExchangePublicKey)).toBe(
      "dec7f4a9b5dca7650f9c3dadbf70c6e072b35283cbaeb37ccbeaf79df9e6723a",
    );
    expect(toHex(ring.ioPublicKey)).toBe(
      "bf1cc209ec2ff9e59277243f06b19816736b55d449a7104bc4a8882f78b90b4e",
    );
  });
});

describe("the appendix's message", () => {
  it("decrypts, and encrypts to the same bytes", () => {
    const client = new X25519PrivateKey(new Uint8Array(32).fill(0x33));
    const key = ring.messageKey(new Uint8Array(32).fill(0x44), client.publicKey());
    const plaintext = utf8(`${"aa".repeat(32)}{"ping":{}}`);
    const sealed =
      "adcefc4ab6171042db3a50108ea5b28617f28c24f7843d8f859c7b06c59f7002484f26896409f4e8e3b6b58e0920fe35cb47fedd668206adf73e5c3792675be4fdbbd9d50a37c404efd834d3d28f195224a5216c775f4aa9433cb3";
    const ad = [new Uint8Array(0)];
    expect(toHex(key.seal(plaintext, ad))).toBe(sealed);
    expect(toHex(key.open(fromHex(sealed), ad))).toBe(toHex(plaintext));
  });

  it("has the appendix's key", () => {
    const shared = new X25519PrivateKey(deriveFromSeed(CURRENT, "ioExchange"));
    expect(toHex(shared.publicKey())).toBe(toHex(ring.ioPublicKey));
    const expected = new SivKey(
      fromHex("7b094325cc1c19348dba6a49ea2b263e4b264cae4c04f1f698ac53be97b65bd7"),
    );
    const client = new X25519PrivateKey(new Uint8Array(32).fill(0x33));
    const key = ring.messageKey(new Uint8Array(32).fill(0x44), client.publicKey());
    expect(toHex(key.seal(utf8("x"), []))).toBe(toHex(expected.seal(utf8("x"), [])));
  });
});

describe("the appendix's contract", () => {
  it("has its address, keys and admin proof", () => {
    expect(toHex(contractAddress({ codeId: 1n, instanceId: 1n, creator }))).toBe(toHex(contract));
    expect(toBech32("secret", contract)).toBe("secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl");
    const key = ring.createContractKey({ contract, codeHash }, creator, 7n);
    expect(toHex(key)).toBe(ORIGINAL_KEY);
    expect(toHex(ring.adminProof(creator, key))).toBe(
      "6ce036263050bb72a4b6ccf830174c619baaab8f09577785f6b2bbe6d6d7a05f",
    );
  });

  it("is known by its key, and no other contract or code is", () => {
    const original = ring.createContractKey({ contract, codeHash }, creator, 7n);
    const keys = { original, current: original, proof: new Uint8Array(0) };
    expect(ring.isContract({ contract, codeHash }, keys)).toBe(true);
    expect(ring.isContract({ contract: creator, codeHash }, keys)).toBe(false);
    expect(ring.isContract({ contract, codeHash: sha256(codeHash) }, keys)).toBe(false);
  });

  it("is known after a migration by the new key and its proof only", () => {
    const original = ring.createContractKey({ contract, codeHash }, creator, 7n);
    const identity = { contract, codeHash: sha256(codeHash) };
    const current = ring.createContractKey(identity, creator, 9n, original);
    const proof = ring.contractKeyProof(identity, { original, current });
    expect(ring.isContract(identity, { original, current, proof })).toBe(true);
    expect(ring.isContract(identity, { original, current, proof: sha256(proof) })).toBe(false);
    expect(ring.isContract({ contract, codeHash }, { original, current, proof })).toBe(false);
  });

  it("has its random", () => {
    const random = ring.callRandom(new Uint8Array(32).fill(0x88), 7n, fromHex(ORIGINAL_KEY), 0n);
    expect(toHex(random)).toBe("9e60daa9df90b21a3e5ef9882a4a3d971dfff1ebe42aab9deefc6a7479487ee9");
  });
});

describe("what a network shows of its keys", () => {
  it("is a pair of public keys for each seed", () => {
    expect(ring.publicKeys).toHaveLength(2);
    const [genesis, current] = ring.publicKeys;
    expect(current).toEqual({ io: ring.ioPublicKey, seedExchange: ring.seedExchangePublicKey });
    const reversed = createKeyRing([...seeds].reverse());
    expect(reversed.ioPublicKey).toEqual(genesis!.io);
    expect(reversed.seedExchangePublicKey).toEqual(genesis!.seedExchange);
  });

  it("is evidence of validators that depends on them, their height and the seed", () => {
    const hash = new Uint8Array(32).fill(0x99);
    const next = Uint8Array.of(0x02, 0x01, 0, 0, 0, 0, 0, 0);
    const expected = sha256(concat(seeds.at(-1)!.reveal(), hash, next));
    expect(toHex(ring.validatorsEvidence(hash, 0x0101n))).toBe(toHex(expected));
    expect(ring.validatorsEvidence(hash, 0x0102n)).not.toEqual(expected);
  });

  it("is a random of each block that is not the one contracts' randoms are made of", () => {
    const random = ring.blockRandom(7n, new Uint8Array(32).fill(0x11));
    const shown = ring.publicRandom(random);
    expect(shown).toHaveLength(32);
    expect(shown).not.toEqual(random);
    const key = fromHex(ORIGINAL_KEY);
    expect(ring.callRandom(shown, 7n, key, 0n)).not.toEqual(ring.callRandom(random, 7n, key, 0n));
  });
});

describe("the appendix's seeds for a new node", () => {
  it("are sealed to its key", () => {
    const node = new X25519PrivateKey(new Uint8Array(32).fill(0x77));
    expect(toHex(encryptSeeds(seeds, node.publicKey()))).toBe(
      "13f8cb3c787a368d693aeea4426e3c445c2266f7f6b454f8553f4ebfedaa5d8a434055e66744e85febdc2acd143b34c2" +
        "ec74352b5fad1a3f18847102bd04cf4858cf9d60375aab02e7bcff0e2a8f51ec448e96b09c31c6d8bbeda7ec90246027",
    );
  });
});
