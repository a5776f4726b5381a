import { createPublicKey, verify } from "node:crypto";
import { Ed25519 } from "@cosmjs/crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { schnorr } from "@noble/curves/secp256k1.js";
import { Address, p2tr, SigHash, Transaction } from "@scure/btc-signer";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../src/bytes.ts";
import { ThresholdError } from "../src/errors.ts";
import {
  aggregateShares,
  checkCommitments,
  createEd25519Frost,
  drawNonces,
  ed25519Frost,
  type FrostKey,
  type FrostSuite,
  type NonceCommitments,
  NonceVault,
  RoastCoordinator,
  RoastSigner,
  ristretto255Frost,
  type SigningRequest,
  secp256k1Frost,
  signShare,
  taprootFrost,
  taprootTweak,
  tweakedKey,
  verifySignature,
  verifySignatureShare,
} from "../src/frost/index.ts";
import type { Group } from "../src/groups/group.ts";
import { loadEd25519 } from "../src/groups/load.ts";
import { dealShares, publicShare, type Share } from "../src/vss.ts";
import { createMachine, failureOf } from "./machine.ts";
import { createDice } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

function dealKey<P>(suite: FrostSuite<P>, threshold: number, count: number, seed = "frost") {
  const { group } = suite;
  const dice = createDice(`${seed} ${suite.name}`);
  const full = {
    ...group,
    randomScalar: () => group.reduce(BigInt(`0x${Buffer.from(dice.bytes(60)).toString("hex")}`)),
  };
  const secret = full.randomScalar();
  const { shares, commitments } = dealShares(full as unknown as Group<P>, {
    secret,
    threshold,
    count,
  });
  const key: FrostKey = {
    publicKey: group.encode(commitments[0] as P),
    threshold,
    publicShares: shares.map(({ index }) =>
      group.encode(publicShare(group as Group<P>, commitments, index)),
    ),
  };
  return { key, shares, secret };
}

function signWith<P>(
  suite: FrostSuite<P>,
  key: FrostKey,
  shares: readonly Share[],
  message: Uint8Array,
  tweaks?: SigningRequest["tweaks"],
) {
  const drawn = shares.map((share) => drawNonces(suite, share));
  const commitments = drawn.map((item) => item.commitments);
  const request = { key, message, commitments, ...(tweaks === undefined ? {} : { tweaks }) };
  const signed = shares.map((share, i) => {
    const { nonces } = drawn[i] as (typeof drawn)[0];
    return signShare(suite, request, share, nonces);
  });
  return { drawn, request, signed, signature: aggregateShares(suite, request, signed) };
}

const message = new TextEncoder().encode("tacit");

describe("signatures of a shared key", () => {
  it("are Ed25519 signatures to Node and CosmJS", async () => {
    const { key, shares } = dealKey(ed25519Frost, 2, 3);
    const { signature } = signWith(ed25519Frost, key, shares.slice(1), message);
    const der = concatBytes(Buffer.from("302a300506032b6570032100", "hex"), key.publicKey);
    const nodeKey = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
    expect(verify(null, message, nodeKey, signature)).toBe(true);
    expect(await Ed25519.verifySignature(signature, message, key.publicKey)).toBe(true);
    expect(verify(null, concatBytes(message, message), nodeKey, signature)).toBe(false);
  });

  it("spend a Taproot output by its key, as btc-signer sees it", () => {
    for (const seed of ["a", "b", "c", "d"]) {
      const { key, shares } = dealKey(taprootFrost, 2, 3, seed);
      const internal = key.publicKey.slice(1);
      const output = p2tr(internal);
      const tweaks = [taprootTweak(key.publicKey)];
      expect(tweakedKey(taprootFrost, key.publicKey, tweaks)).toEqual(output.tweakedPubkey);
      expect(Address().decode(output.address as string)).toMatchObject({ type: "tr" });
      const tx = new Transaction();
      const witnessUtxo = { script: output.script, amount: 10_000n };
      tx.addInput({
        txid: new Uint8Array(32).fill(7),
        index: 0,
        witnessUtxo,
        tapInternalKey: internal,
      });
      tx.addOutputAddress(output.address as string, 9_000n);
      const hash = tx.preimageWitnessV1(0, [output.script], SigHash.DEFAULT, [10_000n]);
      const { signature } = signWith(taprootFrost, key, shares.slice(0, 2), hash, tweaks);
      expect(schnorr.verify(signature, hash, output.tweakedPubkey)).toBe(true);
      tx.updateInput(0, { tapKeySig: signature });
      tx.finalize();
      expect(Transaction.fromRaw(tx.extract()).getInput(0).finalScriptWitness).toEqual([signature]);
    }
  });

  it("verify under keys with several tweaks, plain and X-only", () => {
    const { key, shares } = dealKey(taprootFrost, 2, 3);
    const dice = createDice("tweaks");
    for (let i = 0; i < 8; i++) {
      const tweaks = Array.from({ length: 1 + dice.below(3) }, () => ({
        value: concatBytes(Uint8Array.of(1), dice.bytes(31)),
        isXOnly: dice.below(2) === 1,
      }));
      const { signature } = signWith(taprootFrost, key, shares.slice(0, 2), message, tweaks);
      const derived = tweakedKey(taprootFrost, key.publicKey, tweaks);
      expect(schnorr.verify(signature, message, derived)).toBe(true);
    }
    const tweaks = [{ value: new Uint8Array(32).fill(255), isXOnly: true }];
    const run = () => tweakedKey(taprootFrost, key.publicKey, tweaks);
    expect(codeOf(run)).toBe("threshold/scalar");
    const other = dealKey(secp256k1Frost, 1, 1);
    const plain = [taprootTweak(other.key.publicKey)];
    expect(codeOf(() => signWith(secp256k1Frost, other.key, other.shares, message, plain))).toBe(
      "threshold/parameters",
    );
  });
});

describe("cheating signers", () => {
  const suite = ed25519Frost;
  const { key, shares } = dealKey(suite, 3, 5);
  const { drawn, request, signed, signature } = signWith(suite, key, shares.slice(0, 3), message);
  const nonces = drawn[0]?.nonces as (typeof drawn)[0]["nonces"];
  const share = shares[0] as Share;

  it("are all named, whatever their shares are", () => {
    const wrong = [
      { index: 1, share: new Uint8Array(32).fill(255) },
      signed[1] as (typeof signed)[0],
      { index: 3, share: (signed[1] as (typeof signed)[0]).share },
    ];
    expect(() => aggregateShares(suite, request, wrong)).toThrow(
      expect.objectContaining({ failure: { code: "threshold/bad_share", indices: [1, 3] } }),
    );
    for (const item of [wrong[0], wrong[2]]) {
      const run = () => verifySignatureShare(suite, request, item as (typeof wrong)[0]);
      expect(codeOf(run)).toBe("threshold/bad_share");
    }
  });

  it("cannot make two shares of one, nor sign in too small a set or as somebody else", () => {
    const twice = [signed[0], signed[0], signed[1]] as typeof signed;
    expect(codeOf(() => aggregateShares(suite, request, twice))).toBe("threshold/too_few");
    const [a, b, c] = request.commitments as [NonceCommitments, NonceCommitments, NonceCommitments];
    const sets = [
      [[a, b], "threshold/too_few"],
      [[a, b, b], "threshold/duplicate_index"],
      [[a, b, { ...c, index: 0 }], "threshold/index"],
      [[a, b, { ...c, index: 6 }], "threshold/index"],
    ] as const;
    for (const [commitments, code] of sets) {
      expect(codeOf(() => signShare(suite, { ...request, commitments }, share, nonces))).toBe(code);
    }
    const swapped = [{ ...b, index: 1 }, { ...a, index: 2 }, c];
    const run = () => signShare(suite, { ...request, commitments: swapped }, share, nonces);
    expect(codeOf(run)).toBe("threshold/index");
  });

  it("cannot move a signature to another message or key, nor change its form", () => {
    const bad = Uint8Array.from(signature);
    bad[40] = (bad[40] as number) ^ 1;
    expect(codeOf(() => verifySignature(suite, key.publicKey, message, bad))).toBe(
      "threshold/signature",
    );
    const others = [
      () => verifySignature(suite, key.publicKey, new Uint8Array(0), signature),
      () => verifySignature(suite, key.publicShares[0] as Uint8Array, message, signature),
    ];
    for (const run of others) expect(codeOf(run)).toBe("threshold/signature");
    expect(
      codeOf(() => verifySignature(suite, key.publicKey, message, signature.slice(1))),
    ).toBeDefined();
  });

  it("one fewer than the threshold cannot make the others' shares fit", () => {
    const lower = { ...key, threshold: 2 };
    expect(() => signWith(suite, lower, shares.slice(0, 2), message)).toThrow(ThresholdError);
  });

  it("who reuses a nonce loses the share: the attack that the vault is there for", () => {
    const { group } = ristretto255Frost;
    const one = dealKey(ristretto255Frost, 1, 1);
    const item = drawNonces(ristretto255Frost, one.shares[0] as Share);
    const shareFor = (text: Uint8Array) => {
      const asked = { key: one.key, message: text, commitments: [item.commitments] };
      return signShare(ristretto255Frost, asked, one.shares[0] as Share, item.nonces);
    };
    const challengeAndFactor = (text: Uint8Array) => {
      const id = group.encodeScalar(1n);
      const { hiding, binding } = item.commitments;
      const list = ristretto255Frost.hash("com", concatBytes(id, hiding, binding));
      const input = concatBytes(one.key.publicKey, ristretto255Frost.hash("msg", text), list, id);
      const factor = ristretto255Frost.hashToScalar("rho", input);
      const nonce = group.multiplyBase(
        group.reduce(item.nonces.hiding + item.nonces.binding * factor),
      );
      const publicKey = group.decode(one.key.publicKey);
      return { factor, challenge: ristretto255Frost.challenge(nonce, publicKey, text) };
    };
    // Three shares, three unknowns: hiding nonce, binding nonce, key share.
    const texts = [0, 1, 2].map((i) => Uint8Array.of(i));
    const rows = texts.map((text) => {
      const { factor, challenge } = challengeAndFactor(text);
      return { factor, challenge, value: group.decodeScalar(shareFor(text).share) };
    });
    const [a, b, c] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
    const [f1, f2] = [b.factor - a.factor, c.factor - a.factor];
    const [c1, c2] = [b.challenge - a.challenge, c.challenge - a.challenge];
    const [v1, v2] = [b.value - a.value, c.value - a.value];
    const top = group.reduce(v1 * f2 - v2 * f1);
    const secret = group.reduce(top * group.invert(group.reduce(c1 * f2 - c2 * f1)));
    expect(secret).toBe(one.secret);
  });
});

describe.each([
  ["noble", ed25519Frost as FrostSuite<unknown>],
  ["WebAssembly", createEd25519Frost(await loadEd25519("wasm")) as FrostSuite<unknown>],
])("commitments of Ed25519 by %s", (_, suite) => {
  const { key, shares } = dealKey(suite, 2, 3);
  const good = suite.group.encode(suite.group.multiplyBase(5n));
  const order8 = ed25519.Point.fromHex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  );
  const bad: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ...[1n, 2n, 4n].map((factor) => {
      const mixed = order8.multiplyUnsafe(factor).add(ed25519.Point.BASE);
      return [`a good element and one of order ${8n / factor}`, mixed.toBytes()] as const;
    }),
    ["an element of order 8", order8.toBytes()],
    ["the identity", ed25519.Point.ZERO.toBytes()],
    ["the identity with a sign", Uint8Array.of(1, ...new Uint8Array(30), 0x80)],
    ["the identity plus the prime", Uint8Array.of(0xee, ...new Uint8Array(30).fill(255), 0x7f)],
    ["zeros", new Uint8Array(32)],
    ["ones", new Uint8Array(32).fill(255)],
  ];

  it.each(bad)("are refused of every signer, who is named, in either place: %s", (_name, bytes) => {
    for (const { index } of shares) {
      for (const pair of [
        { hiding: good, binding: bytes },
        { hiding: bytes, binding: good },
      ]) {
        const run = () => checkCommitments(suite, { index, ...pair });
        // Again: what was refused is not remembered as good.
        for (let i = 0; i < 2; i++) expect(codeOf(run)).toMatch(/element|identity/);
        const coordinator = new RoastCoordinator({ suite, key, message });
        const answer = concatBytes(new Uint8Array(4), pair.hiding, pair.binding);
        expect(coordinator.receive(index, answer).faults).toMatchObject([
          { index, kind: "malformed" },
        ]);
        expect(coordinator.banned).toEqual([index]);
      }
    }
  });

  it("are refused where they are short, and by who signs without having checked them", () => {
    const short = { index: 1, hiding: good, binding: good.slice(1) };
    expect(codeOf(() => checkCommitments(suite, short))).toBe("threshold/length");
    const [share] = shares as [Share];
    const { nonces, commitments } = drawNonces(suite, share);
    for (const [, bytes] of bad) {
      const other = { index: 2, hiding: good, binding: bytes };
      const request = { key, message, commitments: [commitments, other] };
      const run = () => signShare(suite, request, share, nonces);
      expect(codeOf(run)).toMatch(/element|identity/);
    }
  });

  it("give signatures that Node verifies", () => {
    const { signature } = signWith(suite, key, shares.slice(1), message);
    const der = concatBytes(Buffer.from("302a300506032b6570032100", "hex"), key.publicKey);
    const nodeKey = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
    expect(verify(null, message, nodeKey, signature)).toBe(true);
  });
});

describe("a nonce vault", () => {
  const suite = ed25519Frost;
  const { shares } = dealKey(suite, 2, 3);
  const share = shares[0] as Share;

  it("gives nonces once, also to two who ask at once, and keeps them over a restart", async () => {
    const { storage, counter } = createMachine();
    const vault = await NonceVault.open({ suite, share, storage, counter });
    const [one, two] = (await vault.commit(2)) as [NonceCommitments, NonceCommitments];
    const both = await Promise.allSettled([vault.take(one), vault.take(one)]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    const again = await NonceVault.open({ suite, share, storage, counter });
    expect(await failureOf(again.take(one))).toBe("threshold/nonce");
    expect(await failureOf(again.take(two))).toBeUndefined();
  });

  it("has forgotten before it answers: a crash at any write never gives a nonce twice", async () => {
    for (const survives of [0, 1]) {
      const machine = createMachine();
      const { storage, counter } = machine;
      const vault = await NonceVault.open({ suite, share, storage, counter });
      const [one] = (await vault.commit(1)) as [NonceCommitments];
      machine.crashAfter(survives);
      const first = await failureOf(vault.take(one));
      expect(first).toBe(survives === 0 ? "RangeError: the machine crashed" : undefined);
      machine.crashAfter(9);
      const after = await NonceVault.open({ suite, share, storage, counter });
      expect(await failureOf(after.take(one))).toBe("threshold/nonce");
    }
  });

  it("drops everything when its disk is an old one", async () => {
    const machine = createMachine();
    const { storage, counter } = machine;
    const vault = await NonceVault.open({ suite, share, storage, counter });
    const [one, two] = (await vault.commit(2)) as [NonceCommitments, NonceCommitments];
    const old = machine.disk();
    await vault.take(one);
    machine.restoreDisk(old);
    const restored = await NonceVault.open({ suite, share, storage, counter });
    for (const item of [one, two]) {
      expect(await failureOf(restored.take(item))).toBe("threshold/nonce");
    }
  });

  it("drops everything when the whole running machine is an old one", async () => {
    const { storage, counter } = createMachine();
    const vault = await NonceVault.open({ suite, share, storage, counter });
    const [one, two] = (await vault.commit(2)) as [NonceCommitments, NonceCommitments];
    // The twin is the machine as its snapshot had it: the same memory, the counter elsewhere.
    const twin = await NonceVault.open({ suite, share, storage, counter });
    await vault.take(one);
    expect(await failureOf(twin.take(one))).toBe("threshold/nonce");
    expect(await failureOf(twin.take(two))).toBe("threshold/nonce");
    const [fresh] = (await twin.commit(1)) as [NonceCommitments];
    expect(await failureOf(twin.take(fresh))).toBeUndefined();
  });

  it("refuses a storage with trailing or missing bytes, and more nonces than fit", async () => {
    const machine = createMachine();
    const { storage, counter } = machine;
    const vault = await NonceVault.open({ suite, share, storage, counter });
    await vault.commit(1);
    const good = machine.disk() as Uint8Array;
    for (const bad of [good.slice(1), concatBytes(good, Uint8Array.of(0))]) {
      machine.restoreDisk(bad);
      const run = NonceVault.open({ suite, share, storage, counter });
      expect(await failureOf(run)).toMatch(/length|scalar/);
    }
    expect(await failureOf(vault.commit(1024))).toBe("threshold/range");
  });
});

describe("signing with silent and lying signers", () => {
  async function runRoast(
    seed: string,
    options: { count: number; threshold: number; silent: number[]; lying: number[] },
  ) {
    const suite = ristretto255Frost;
    const dice = createDice(seed);
    const { key, shares } = dealKey(suite, options.threshold, options.count, seed);
    const config = { suite, key, message };
    const coordinator = new RoastCoordinator(config);
    const signers = await Promise.all(
      shares.map(async (share) => {
        const { storage, counter } = createMachine();
        const vault = await NonceVault.open({ suite, share, storage, counter });
        return new RoastSigner(config, share, vault);
      }),
    );
    const inbox: { from: number; body: Uint8Array }[] = [];
    for (const [i, signer] of signers.entries()) {
      inbox.push({ from: i + 1, body: await signer.start() });
    }
    let sessions = 0;
    for (let steps = 0; inbox.length > 0 && steps < 10_000; steps++) {
      const [{ from, body }] = inbox.splice(dice.below(inbox.length), 1) as [(typeof inbox)[0]];
      const step = coordinator.receive(from, body);
      if (step.done !== undefined)
        return { ...config, signature: step.done, coordinator, sessions };
      if (step.out.length > 0) sessions++;
      for (const { to, body: asked } of step.out) {
        const index = to as number;
        if (options.silent.includes(index)) continue;
        const answer = await (signers[index - 1] as (typeof signers)[0]).receive(asked);
        if (options.lying.includes(index)) answer[5] = (answer[5] as number) ^ 1;
        inbox.push({ from: index, body: answer });
      }
    }
    return undefined;
  }

  it.each([
    [3, 2, [1], []],
    [5, 3, [1], [2]],
    [12, 7, [1, 2], [3, 4, 5]],
    [50, 20, [1, 2, 3, 4], [5, 6, 7, 8]],
  ])(
    "of %i, threshold %i, silent %j, lying %j: a signature all the same",
    async (count, threshold, silent, lying) => {
      const result = await runRoast(`roast ${count}`, { count, threshold, silent, lying });
      if (result === undefined) return expect.unreachable("no signature");
      verifySignature(result.suite, result.key.publicKey, message, result.signature);
      expect(lying).toEqual(expect.arrayContaining([...result.coordinator.banned]));
      expect(result.sessions).toBeLessThanOrEqual(count - threshold + 1);
    },
  );

  it("ends without one when too few are left, and refuses whoever speaks out of turn", async () => {
    const lost = { count: 4, threshold: 3, silent: [1, 2], lying: [] };
    expect(await runRoast("lost", lost)).toBeUndefined();
    const { key } = dealKey(ristretto255Frost, 2, 3);
    const coordinator = new RoastCoordinator({ suite: ristretto255Frost, key, message });
    const forged = new Uint8Array(4 + 3 * 32);
    forged[3] = 1;
    expect(coordinator.receive(1, forged).faults).toMatchObject([{ index: 1, kind: "malformed" }]);
    expect(coordinator.banned).toEqual([1]);
    expect(codeOf(() => coordinator.receive(4, forged))).toBe("threshold/index");
    expect(codeOf(() => coordinator.receive(0, forged))).toBe("threshold/index");
  });
});
