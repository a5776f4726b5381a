/** Faults of signers, shown to somebody who saw nothing of the run. */
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { concatBytes, utf8 } from "../src/bytes.ts";
import { createPresign, restorePresign, verifyPresignFault } from "../src/ecdsa/index.ts";
import {
  NonceVault,
  RoastCoordinator,
  RoastSigner,
  ristretto255Frost as suite,
  verifyRoastFault,
  verifySignature,
} from "../src/frost/index.ts";
import { ristretto255Group, secp256k1Group } from "../src/groups/noble-group.ts";
import { createIdentities, type Fault, type Party } from "../src/protocol/index.ts";
import { dealShares, publicShare, type Share } from "../src/vss.ts";
import { createMachine } from "./machine.ts";
import { codeOf } from "./vectors.ts";

const identityGroup = ristretto255Group;
const secrets = [11n, 12n, 13n];
const keys = secrets.map((secret) => identityGroup.encode(identityGroup.multiplyBase(secret)));
const identitiesOf = (run: string) =>
  createIdentities(identityGroup, { keys, context: sha256(utf8(run)) });

describe("a fault in signing with retries", () => {
  const group = ristretto255Group;
  const { shares, commitments } = dealShares(group, { secret: 5n, threshold: 2, count: 3 });
  const key = {
    publicKey: group.encode(group.multiplyBase(5n)),
    threshold: 2,
    publicShares: [1, 2, 3].map((i) => group.encode(publicShare(group, commitments, i))),
  };
  const config = { suite, key, message: utf8("pay 1"), identities: identitiesOf("run 1") };

  async function signerOf(index: number, own = config) {
    const share = shares[index - 1] as Share;
    const vault = await NonceVault.open({ suite, share, ...createMachine() });
    return new RoastSigner(own, share, vault, secrets[index - 1]);
  }

  /** Up to the first request, which goes to signers 1 and 2. */
  async function open() {
    const coordinator = new RoastCoordinator(config);
    const [one, two] = [await signerOf(1), await signerOf(2)];
    coordinator.receive(1, await one.start());
    const { out } = coordinator.receive(2, await two.start());
    return { coordinator, one, two, asked: out[0]?.body as Uint8Array };
  }

  /** Signer 2 signs an answer of its liking to what it was asked. */
  async function lie(change: (answer: Uint8Array) => Uint8Array) {
    const plain = identitiesOf("run 1");
    const lying = {
      ...config,
      identities: {
        ...plain,
        seal: (sender: number, secret: bigint, about: Uint8Array, payload: Uint8Array) =>
          plain.seal(sender, secret, about, payload[3] === 0 ? payload : change(payload)),
      },
    };
    const coordinator = new RoastCoordinator(config);
    const [one, two] = [await signerOf(1), await signerOf(2, lying)];
    coordinator.receive(1, await one.start());
    const { out } = coordinator.receive(2, await two.start());
    const asked = out[0]?.body as Uint8Array;
    const [fault] = coordinator.receive(2, await two.receive(asked)).faults;
    return { fault: fault as Fault, coordinator };
  }

  const wrongShare = (answer: Uint8Array) => answer.with(5, (answer[5] as number) ^ 1);

  it("does not come of honest signers, whose answers sign", async () => {
    const { coordinator, one, two, asked } = await open();
    coordinator.receive(1, await one.receive(asked));
    const { done } = coordinator.receive(2, await two.receive(asked));
    verifySignature(suite, key.publicKey, config.message, done as Uint8Array);
  });

  it("convicts who signed a wrong share, or an answer that is none", async () => {
    const { fault, coordinator } = await lie(wrongShare);
    expect(fault).toMatchObject({ index: 2, kind: "bad_share" });
    expect(coordinator.banned).toEqual([2]);
    expect(verifyRoastFault(config, fault)).toBe(true);
    const short = await lie((answer) => answer.slice(0, -1));
    expect(short.fault).toMatchObject({ index: 2, kind: "malformed" });
    expect(verifyRoastFault(config, short.fault)).toBe(true);
    const elsewhere = await lie((answer) => answer.with(3, 9));
    expect(verifyRoastFault(config, elsewhere.fault)).toBe(true);
  });

  it("convicts nobody else, of nothing else, and under no other key, message or run", async () => {
    const { fault } = await lie(wrongShare);
    expect(verifyRoastFault(config, { ...fault, index: 1 })).toBe(false);
    expect(verifyRoastFault(config, { ...fault, index: 7 })).toBe(false);
    expect(verifyRoastFault(config, { ...fault, kind: "malformed" })).toBe(false);
    for (const other of [
      { ...config, message: utf8("pay 2") },
      { ...config, identities: identitiesOf("run 2") },
      { ...config, key: { ...key, publicShares: key.publicShares.toReversed() } },
      { suite, key, message: config.message },
    ]) {
      expect(verifyRoastFault(other, fault)).toBe(false);
    }
    for (let at = 0; at < fault.evidence.length; at += 7) {
      const evidence = fault.evidence.with(at, (fault.evidence[at] as number) ^ 4);
      expect(verifyRoastFault(config, { ...fault, evidence }), String(at)).toBe(false);
    }
    expect(verifyRoastFault(config, { ...fault, evidence: new Uint8Array(0) })).toBe(false);
  });

  it("is not made of an honest answer, nor by an attacker in the middle", async () => {
    const { coordinator, one, asked } = await open();
    const answer = await one.receive(asked);
    const changed = answer.with(5, (answer[5] as number) ^ 1);
    const step = coordinator.receive(1, changed);
    expect(step.faults).toMatchObject([{ index: 1, kind: "malformed" }]);
    expect(coordinator.banned).toEqual([]);
    for (const kind of ["bad_share", "malformed"] as const) {
      for (const body of [changed, answer]) {
        const evidence = concatBytes(lengthOf(asked), asked, lengthOf(body), body);
        expect(verifyRoastFault(config, { index: 1, kind, evidence })).toBe(false);
      }
    }
    expect(coordinator.receive(1, answer).faults).toEqual([]);
  });

  it("needs signers with the keys that are theirs", async () => {
    const share = shares[0] as Share;
    const vault = await NonceVault.open({ suite, share, ...createMachine() });
    expect(codeOf(() => new RoastSigner(config, share, vault))).toBe("threshold/parameters");
    const stranger = new RoastSigner(config, share, vault, 99n);
    await expect(stranger.start()).rejects.toMatchObject({ code: "threshold/key" });
  });
});

describe("a fault in making a presignature", () => {
  const group = secp256k1Group;
  const { shares, commitments } = dealShares(group, { secret: 5n, threshold: 2, count: 3 });
  const key = {
    publicKey: group.encode(group.multiplyBase(5n)),
    threshold: 2,
    publicShares: [1, 2, 3].map((i) => group.encode(publicShare(group, commitments, i))),
  };
  const config = {
    key,
    signers: [1, 2, 3],
    session: sha256(utf8("presignature 1")),
    identities: identitiesOf("presignature 1"),
  };
  const make = (index: number, seed = index, own = config) =>
    createPresign(
      own,
      shares[index - 1] as Share,
      new Uint8Array(32).fill(seed),
      secrets[index - 1],
    );
  const firstTo = (party: ReturnType<typeof make>, to: number) =>
    party.start().out.find((message) => message.to === to)?.body as Uint8Array;

  it("does not come of honest signers, who make one, also after a crash", () => {
    const parties = new Map([1, 2, 3].map((index) => [index, make(index)]));
    const inbox = [...parties].flatMap(([from, party]) =>
      party.start().out.map(({ to, body }) => ({ from, to, body })),
    );
    const ends: unknown[] = [];
    for (let at = 0; at < inbox.length; at++) {
      const { from, to, body } = inbox[at] as (typeof inbox)[0];
      for (const index of to === "all" ? [1, 2, 3] : [to]) {
        const party = parties.get(index) as Party<{ status: string }>;
        const { out, faults, done } = party.receive(from, body);
        expect(faults).toEqual([]);
        if (done !== undefined) ends.push(done.status);
        inbox.push(...out.map((message) => ({ from: index, ...message })));
        const again = restorePresign(
          config,
          shares[index - 1] as Share,
          party.snapshot(),
          secrets[index - 1],
        );
        parties.set(index, again);
      }
    }
    expect(ends).toEqual(["presignature", "presignature", "presignature"]);
  });

  it("convicts who says two things to one receiver, or signs what is no message", () => {
    const party = make(1);
    party.receive(2, firstTo(make(2), 1));
    const [twice] = party.receive(2, firstTo(make(2, 77), 1)).faults as [Fault];
    expect(twice).toMatchObject({ index: 2, kind: "equivocation" });
    expect(verifyPresignFault(config, twice)).toBe(true);
    expect(verifyPresignFault(config, { ...twice, index: 3 })).toBe(false);
    expect(verifyPresignFault(config, { ...twice, kind: "malformed" })).toBe(false);
    const cut = {
      ...config.identities,
      seal: (sender: number, secret: bigint, about: Uint8Array, payload: Uint8Array) =>
        config.identities.seal(sender, secret, about, payload.slice(0, -1)),
    };
    const short = firstTo(make(3, 3, { ...config, identities: cut }), 1);
    const [malformed] = party.receive(3, short).faults as [Fault];
    expect(malformed).toMatchObject({ index: 3, kind: "malformed" });
    expect(verifyPresignFault(config, malformed)).toBe(true);
    expect(verifyPresignFault(config, { ...malformed, index: 2 })).toBe(false);
    const other = { ...config, session: sha256(utf8("presignature 2")) };
    expect(verifyPresignFault(other, twice)).toBe(false);
    const { identities: _, ...unsigned } = config;
    expect(verifyPresignFault(unsigned, twice)).toBe(false);
    for (let at = 0; at < twice.evidence.length; at += 5) {
      const evidence = twice.evidence.with(at, (twice.evidence[at] as number) ^ 4);
      expect(verifyPresignFault(config, { ...twice, evidence }), String(at)).toBe(false);
    }
  });

  it("does not convict who says different things to different receivers, or one thing twice", () => {
    const sender = make(2);
    const [toOne, toThree] = [firstTo(sender, 1), firstTo(sender, 3)];
    const party = make(1);
    expect(party.receive(2, toOne).faults).toEqual([]);
    expect(party.receive(2, toOne).faults).toEqual([]);
    // Another's letter: not signed for this receiver.
    const [fault] = party.receive(2, toThree).faults as [Fault];
    expect(fault).toMatchObject({ index: 2, kind: "malformed" });
    expect(verifyPresignFault(config, fault)).toBe(false);
    const framed = [toOne, toThree].flatMap((body) => [lengthOf(body), body]);
    const evidence = concatBytes(lengthOf(new Uint8Array(2)), Uint8Array.of(0, 1), ...framed);
    expect(verifyPresignFault(config, { index: 2, kind: "equivocation", evidence })).toBe(false);
  });
});

function lengthOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(0, 0, bytes.length >> 8, bytes.length & 255);
}
