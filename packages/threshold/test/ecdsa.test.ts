import { pubkeyToAddress } from "@cosmjs/amino";
import { Secp256k1, Secp256k1Signature } from "@cosmjs/crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { p2wpkh, SigHash, Transaction } from "@scure/btc-signer";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../src/bytes.ts";
import {
  combineEcdsa,
  createPresign,
  type EcdsaRequest,
  type Presignature,
  PresignatureVault,
  type PresignConfig,
  type PresignOutcome,
  restorePresign,
  signEcdsaShare,
} from "../src/ecdsa/index.ts";
import { isLowDegree } from "../src/ecdsa/low-degree.ts";
import { openRequest } from "../src/ecdsa/sign.ts";
import { secp256k1Group as group } from "../src/groups/noble-group.ts";
import type { Fault } from "../src/protocol/index.ts";
import { dealShares, publicShare, type Share } from "../src/vss.ts";
import { createMachine, failureOf } from "./machine.ts";
import { createDice } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

const dice = createDice("ecdsa");

function dealKey(threshold: number, count: number) {
  const secret = group.randomScalar(dice.bytes);
  const { shares, commitments } = dealShares(group, { secret, threshold, count }, dice.bytes);
  const publicShares = shares.map(({ index }) =>
    group.encode(publicShare(group, commitments, index)),
  );
  const publicKey = group.encode(commitments[0] ?? group.identity);
  return { key: { publicKey, threshold, publicShares }, shares, secret };
}

type Dealt = ReturnType<typeof dealKey>;
type Corrupt = (body: Uint8Array, to: number | "all") => Uint8Array | undefined;

/** Delivers in random order, crashing signers at random steps. */
function runPresign(
  dealt: Dealt,
  signers: readonly number[],
  options: { seed: string; crashPercent?: number; corrupt?: Readonly<Record<number, Corrupt>> },
) {
  const local = createDice(options.seed);
  const config: PresignConfig = { key: dealt.key, signers, session: local.bytes(32) };
  const share = (index: number) => dealt.shares[index - 1] as Share;
  const parties = new Map(
    signers.map((index) => [index, createPresign(config, share(index), local.bytes(32))]),
  );
  const outcomes = new Map<number, PresignOutcome>();
  const faults: Fault[] = [];
  const inbox: { from: number; to: number; body: Uint8Array }[] = [];
  const send = (
    from: number,
    out: ReturnType<(typeof parties extends Map<number, infer T> ? T : never)["start"]>["out"],
  ) => {
    for (const { to, body } of out) {
      const sent = options.corrupt?.[from] === undefined ? body : options.corrupt[from]?.(body, to);
      if (sent === undefined) continue;
      for (const index of to === "all" ? signers : [to])
        inbox.push({ from, to: index, body: sent });
    }
  };
  for (const [index, party] of parties) send(index, party.start().out);
  let crashes = 0;
  while (outcomes.size < signers.length) {
    if (inbox.length === 0) {
      for (const [index, party] of parties) {
        const step = party.closeRound();
        faults.push(...step.faults);
        if (step.done !== undefined) outcomes.set(index, step.done);
      }
      break;
    }
    const [message] = inbox.splice(local.below(inbox.length), 1) as [(typeof inbox)[0]];
    const party = parties.get(message.to) as ReturnType<typeof createPresign>;
    const step = party.receive(message.from, message.body);
    faults.push(...step.faults);
    if (step.done !== undefined) outcomes.set(message.to, step.done);
    send(message.to, step.out);
    if (crashes < 200 && local.below(100) < (options.crashPercent ?? 0)) {
      crashes++;
      const again = restorePresign(config, share(message.to), party.snapshot());
      parties.set(message.to, again);
      send(message.to, again.start().out);
    }
  }
  return { config, outcomes: signers.map((index) => outcomes.get(index)), faults };
}

function presignaturesOf(outcomes: readonly (PresignOutcome | undefined)[]): Presignature[] {
  return outcomes.map((outcome) => {
    if (outcome?.status !== "presignature")
      throw new TypeError(`no presignature: ${outcome?.status}`);
    return outcome.presignature;
  });
}

function presign(dealt: Dealt, signers: readonly number[], seed: string) {
  const presignatures = presignaturesOf(runPresign(dealt, signers, { seed }).outcomes);
  return { commitment: presignatures[0]?.commitment as Uint8Array, presignatures };
}

function sign(
  dealt: Dealt,
  signers: readonly number[],
  messageHash: Uint8Array,
  tweak?: Uint8Array,
) {
  const { commitment, presignatures } = presign(dealt, signers, String(dice.below(2 ** 30)));
  const entropy = dice.bytes(32);
  const rest = tweak === undefined ? {} : { tweak };
  const request: EcdsaRequest = {
    key: dealt.key,
    commitment,
    signers,
    messageHash,
    entropy,
    ...rest,
  };
  const shares = presignatures.map((item) => signEcdsaShare(request, item));
  return { request, shares, presignatures, signature: combineEcdsa(request, shares) };
}

const three = dealKey(2, 4);
const five = dealKey(3, 5);
const hash = sha256(new TextEncoder().encode("tacit"));

describe("ECDSA signatures of a shared key", () => {
  it("are low, and Cosmos's signatures and addresses to CosmJS", async () => {
    for (let i = 0; i < 4; i++) {
      const messageHash = sha256(Uint8Array.of(i));
      const { signature } = sign(three, [1, 2, 4], messageHash);
      const parsed = Secp256k1Signature.fromFixedLength(signature.bytes);
      expect(await Secp256k1.verifySignature(parsed, messageHash, three.key.publicKey)).toBe(true);
      expect(BigInt(`0x${Buffer.from(signature.bytes.slice(32)).toString("hex")}`)).toBeLessThan(
        group.order / 2n,
      );
    }
    const value = Buffer.from(three.key.publicKey).toString("base64");
    expect(pubkeyToAddress({ type: "tendermint/PubKeySecp256k1", value }, "secret")).toMatch(
      /^secret1/,
    );
  });

  it("recover the key that Ethereum's address is made of", () => {
    const address = (key: Uint8Array) =>
      keccak_256(secp256k1.Point.fromBytes(key).toBytes(false).slice(1)).slice(12);
    for (let i = 0; i < 4; i++) {
      const messageHash = keccak_256(Uint8Array.of(i));
      const { signature } = sign(five, [1, 2, 3, 4, 5], messageHash);
      const recovered = concatBytes(Uint8Array.of(signature.recovery), signature.bytes);
      const key = secp256k1.recoverPublicKey(recovered, messageHash, { prehash: false });
      expect(address(key)).toEqual(address(five.key.publicKey));
    }
  });

  it("spend a Bitcoin output, as btc-signer sees it", () => {
    const { publicKey } = three.key;
    const output = p2wpkh(publicKey);
    const tx = new Transaction();
    const witnessUtxo = { script: output.script, amount: 10_000n };
    tx.addInput({ txid: new Uint8Array(32).fill(7), index: 0, witnessUtxo });
    tx.addOutputAddress(output.address as string, 9_000n);
    const script = concatBytes(
      Uint8Array.of(0x76, 0xa9, 0x14),
      output.hash,
      Uint8Array.of(0x88, 0xac),
    );
    const preimage = tx.preimageWitnessV0(0, script, SigHash.ALL, 10_000n);
    const { signature } = sign(three, [2, 3, 4], preimage);
    expect(secp256k1.verify(signature.bytes, preimage, publicKey, { prehash: false })).toBe(true);
    const der = secp256k1.Signature.fromBytes(signature.bytes).toBytes("der");
    const signed = concatBytes(der, Uint8Array.of(SigHash.ALL));
    tx.updateInput(0, { partialSig: [[publicKey, signed]] });
    tx.finalize();
    expect(Transaction.fromRaw(tx.extract()).getInput(0).finalScriptWitness).toEqual([
      signed,
      publicKey,
    ]);
  });

  it("are of a derived key with a tweak", () => {
    const tweak = dice.bytes(32).fill(0, 0, 1);
    const { signature } = sign(three, [1, 2, 3], hash, tweak);
    const derived = group.add(
      group.decode(three.key.publicKey),
      group.multiplyBase(group.decodeScalar(tweak)),
    );
    const options = { prehash: false };
    expect(secp256k1.verify(signature.bytes, hash, group.encode(derived), options)).toBe(true);
    expect(secp256k1.verify(signature.bytes, hash, three.key.publicKey, options)).toBe(false);
  });
});

describe("a presignature", () => {
  it.each([
    [2, 3],
    [3, 5],
    [10, 19],
  ])(
    "for threshold %i of %i comes about in any order, through crashes at any step",
    (threshold, count) => {
      const dealt = dealKey(threshold, count);
      const signers = dealt.shares.map(({ index }) => index);
      const { outcomes } = runPresign(dealt, signers, { seed: `crash ${count}`, crashPercent: 20 });
      const presignatures = presignaturesOf(outcomes);
      expect(new Set(presignatures.map(({ commitment }) => String(commitment))).size).toBe(1);
      const commitment = presignatures[0]?.commitment as Uint8Array;
      const request = {
        key: dealt.key,
        commitment,
        signers,
        messageHash: hash,
        entropy: dice.bytes(32),
      };
      combineEcdsa(
        request,
        presignatures.map((item) => signEcdsaShare(request, item)),
      );
    },
  );

  const flip =
    (at: number): Corrupt =>
    (body) => {
      const changed = Uint8Array.from(body);
      changed[at] = (changed[at] as number) ^ 1;
      return changed;
    };

  it("is refused by all when somebody opens another value, commitment or product", () => {
    const other = group.encode(group.multiplyBase(5n));
    const cheats: [number, Corrupt][] = [
      [2, (body) => concatBytes(body.slice(0, 1), other, body.slice(34))],
      [2, flip(65)],
      [3, (body) => concatBytes(body.slice(0, 1), other)],
    ];
    for (const [round, cheat] of cheats) {
      const corrupt: Corrupt = (body, to) => (body[0] === round ? cheat(body, to) : body);
      const run = runPresign(three, [1, 2, 3], { seed: `cheat ${round}`, corrupt: { 3: corrupt } });
      expect(run.outcomes.map((outcome) => outcome?.status)).toEqual([
        "failed",
        "failed",
        "failed",
      ]);
    }
  });

  it("is refused when a signer's shares are of too high a degree", () => {
    const corrupt: Corrupt = (body, to) => (body[0] === 1 && to === 1 ? flip(32)(body, to) : body);
    const run = runPresign(three, [1, 2, 3], { seed: "degree", corrupt: { 3: corrupt } });
    expect(run.outcomes.map((outcome) => outcome?.status)).toEqual(["failed", "failed", "failed"]);
  });

  it("fails with the absent named when somebody stays away", () => {
    const silent: Corrupt = (body) => (body[0] === 1 ? body : undefined);
    const { outcomes, faults } = runPresign(three, [1, 2, 3], {
      seed: "away",
      corrupt: { 2: silent },
    });
    expect(outcomes[0]).toEqual({ status: "failed", check: "absent" });
    expect(faults[0]).toMatchObject({ index: 2, kind: "absent" });
  });

  it("takes no message twice, malformed, or from a stranger", () => {
    const config = { key: three.key, signers: [1, 2, 3], session: new Uint8Array(32) };
    const make = (index: number) =>
      createPresign(config, three.shares[index - 1] as Share, new Uint8Array(32).fill(index));
    const body = make(2).start().out[0]?.body as Uint8Array;
    const other = make(3).start().out[0]?.body as Uint8Array;
    const party = make(1);
    expect(party.receive(2, body).faults).toEqual([]);
    expect(party.receive(2, body).faults).toEqual([]);
    expect(party.receive(2, other).faults).toMatchObject([{ index: 2, kind: "equivocation" }]);
    const identity = concatBytes(Uint8Array.of(3), new Uint8Array(33));
    const large = Uint8Array.from(body).fill(255, 1, 33);
    for (const bad of [
      new Uint8Array(0),
      body.slice(1),
      concatBytes(body, body),
      identity,
      large,
    ]) {
      expect(party.receive(3, bad).faults).toMatchObject([{ index: 3, kind: "malformed" }]);
    }
    for (const from of [0, 4, 5]) {
      expect(codeOf(() => party.receive(from, body))).toBe("threshold/index");
    }
  });

  it("is for exactly 2t + 1 signers, ascending, each with its own share", () => {
    const share = three.shares[0] as Share;
    const make = (signers: number[], own: Share = share) =>
      codeOf(() =>
        createPresign(
          { key: three.key, signers, session: new Uint8Array(32) },
          own,
          new Uint8Array(32),
        ),
      );
    expect(make([1, 2, 3])).toBeUndefined();
    for (const signers of [
      [1, 2],
      [1, 2, 3, 4],
      [1, 1, 2],
      [2, 1, 3],
    ]) {
      expect(make(signers)).toBe("threshold/parameters");
    }
    for (const signers of [
      [0, 1, 2],
      [1, 2, 5],
    ])
      expect(make(signers)).toBe("threshold/index");
    expect(make([2, 3, 4])).toBe("threshold/index");
    expect(make([1, 2, 3], { index: 1, value: 5n })).toBe("threshold/index");
  });

  it("checks degrees: exactly the polynomials below the threshold pass", () => {
    const points = [1, 2, 3, 4, 5].map((x) => group.multiplyBase(BigInt(3 * x * x + 2 * x + 7)));
    const indices = [1, 2, 3, 4, 5];
    expect(isLowDegree(group, indices, points, 3)).toBe(true);
    expect(isLowDegree(group, indices, points, 2)).toBe(false);
    const moved = points.with(2, group.multiplyBase(1n));
    expect(isLowDegree(group, indices, moved, 3)).toBe(false);
    expect(isLowDegree(group, indices, moved, 5)).toBe(true);
  });
});

describe("signing", () => {
  const { request, shares } = sign(three, [1, 2, 3], hash);

  it("makes no signature of wrong, missing, repeated or strange shares", () => {
    const [a, b, c] = shares as [(typeof shares)[0], (typeof shares)[0], (typeof shares)[0]];
    const wrong = { ...c, share: b.share };
    const cases = [
      [[a, b, wrong], "threshold/signature"],
      [[a, b], "threshold/too_few"],
      [[a, b, b], "threshold/duplicate_index"],
      [[a, b, { ...c, index: 4 }], "threshold/index"],
      [[a, b, { ...c, share: new Uint8Array(32).fill(255) }], "threshold/scalar"],
      [[a, b, { ...c, share: c.share.slice(1) }], "threshold/length"],
    ] as const;
    for (const [list, code] of cases) expect(codeOf(() => combineEcdsa(request, list))).toBe(code);
  });

  it("makes no signature when signers do not agree on message, entropy or tweak", () => {
    const { commitment, presignatures } = presign(three, [1, 2, 3], "split");
    const agreed = { ...request, commitment };
    for (const change of [
      { messageHash: sha256(hash) },
      { entropy: new Uint8Array(32) },
      { tweak: new Uint8Array(32).fill(1) },
    ]) {
      const split = presignatures.map((item, i) =>
        signEcdsaShare(i === 0 ? { ...agreed, ...change } : agreed, item),
      );
      expect(codeOf(() => combineEcdsa(agreed, split))).toBe("threshold/signature");
    }
  });

  it("refuses hash zero, lengths, another presignature and another set", () => {
    const { presignatures } = presign(three, [1, 2, 3], "other");
    const [item] = presignatures as [Presignature];
    expect(codeOf(() => signEcdsaShare(request, item))).toBe("threshold/index");
    const good = { ...request, commitment: item.commitment };
    const bad = [
      [{ messageHash: new Uint8Array(32) }, "threshold/scalar"],
      [{ messageHash: group.encodeScalar(0n).fill(0) }, "threshold/scalar"],
      [{ messageHash: hash.slice(1) }, "threshold/length"],
      [{ entropy: hash.slice(1) }, "threshold/length"],
      [{ signers: [1, 2, 4] }, "threshold/index"],
      [{ signers: [1, 2] }, "threshold/parameters"],
      [{ tweak: new Uint8Array(32).fill(255) }, "threshold/scalar"],
    ] as const;
    for (const [change, code] of bad) {
      expect(codeOf(() => signEcdsaShare({ ...good, ...change }, item))).toBe(code);
    }
  });

  it("moves the commitment with the request, so that nobody could prepare for it", () => {
    const { commitment, presignatures } = presign(three, [1, 2, 3], "moved");
    const signature = (entropy: Uint8Array) => {
      const asked = { ...request, commitment, entropy };
      return combineEcdsa(
        asked,
        presignatures.map((item) => signEcdsaShare(asked, item)),
      );
    };
    const [one, two] = [signature(new Uint8Array(32)), signature(hash)];
    expect(one.bytes.slice(0, 32)).not.toEqual(two.bytes.slice(0, 32));
  });

  it("with one presignature for two messages gives the key away: what the vault is there for", () => {
    const { commitment, presignatures } = presign(three, [1, 2, 3], "twice");
    const open = (messageHash: Uint8Array) => {
      const asked = { ...request, commitment, messageHash };
      const { bytes } = combineEcdsa(
        asked,
        presignatures.map((item) => signEcdsaShare(asked, item)),
      );
      const at = (from: number) => group.decodeScalar(bytes.slice(from, from + 32));
      // What re-randomises the nonce is known to everybody: s * delta is that of one nonce.
      const { delta, hash: h } = openRequest(asked);
      return { r: at(0), s: at(32) * delta, h };
    };
    const [one, two] = [open(hash), open(sha256(hash))];
    // s1 (h2 + r2 x) = ± s2 (h1 + r1 x), the sign being that of what was made low.
    const guesses = [two.s, -two.s].map((s) =>
      group.reduce(
        (s * one.h - one.s * two.h) * group.invert(group.reduce(one.s * two.r - s * one.r)),
      ),
    );
    expect(guesses).toContain(three.secret);
  });

  it("from a vault happens once, also after a crash or with an old disk", async () => {
    const { commitment, presignatures } = presign(three, [1, 2, 3], "vault");
    const asked = { ...request, commitment };
    const machine = createMachine();
    const vault = await PresignatureVault.open(machine);
    await vault.put(presignatures[0] as Presignature);
    const old = machine.disk();
    expect(await failureOf(vault.sign({ ...asked, messageHash: new Uint8Array(32) }))).toBe(
      "threshold/scalar",
    );
    const share = await vault.sign(asked);
    const others = presignatures.slice(1).map((item) => signEcdsaShare(asked, item));
    combineEcdsa(asked, [share, ...others]);
    expect(await failureOf(vault.sign(asked))).toBe("threshold/nonce");
    machine.restoreDisk(old);
    const restored = await PresignatureVault.open(machine);
    expect(await failureOf(restored.sign(asked))).toBe("threshold/nonce");
  });
});
