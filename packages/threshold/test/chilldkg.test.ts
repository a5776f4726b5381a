import { schnorr } from "@noble/curves/secp256k1.js";
import { describe, expect, it } from "vitest";
import { bytesToInteger, concatBytes } from "../src/bytes.ts";
import {
  type ChillDkgOutput,
  coordinatorFinalize,
  coordinatorStep1,
  hostPublicKey,
  InvestigableError,
  participantAcknowledge,
  participantFinalize,
  participantStep1,
  participantStep2,
  recoverChillDkg,
  verifyAcknowledgements,
} from "../src/chilldkg/index.ts";
import { aggregateShares, drawNonces, signShare, taprootFrost } from "../src/frost/index.ts";
import { createDice } from "./simulator.ts";
import { catchFailure, codeOf } from "./vectors.ts";

const dice = createDice("chilldkg");

/** Reason and participants of a failure, or its code; undefined if nothing is thrown. */
function blameOf(run: () => unknown): string | undefined {
  const failure = catchFailure(run);
  if (failure?.code !== "threshold/chilldkg") return failure?.code;
  return [failure.reason, ...failure.participants].join(" ");
}

function createSession(count: number, threshold: number) {
  const secrets = Array.from({ length: count }, () => dice.bytes(32));
  const params = { hostPublicKeys: secrets.map(hostPublicKey), threshold };
  const randoms = secrets.map(() => dice.bytes(32));
  const first = secrets.map((secret, i) =>
    participantStep1(secret, params, randoms[i] as Uint8Array),
  );
  const { state, message } = coordinatorStep1(
    first.map((item) => item.message),
    params,
  );
  const second = secrets.map((secret, i) =>
    participantStep2(secret, (first[i] as (typeof first)[0]).state, message, dice.bytes(32)),
  );
  const { message: certificate, recoveryData } = coordinatorFinalize(
    state,
    second.map((item) => item.message),
  );
  const outputs = second.map((item) => participantFinalize(item.state, certificate));
  return { secrets, params, randoms, first, message, second, certificate, recoveryData, outputs };
}

describe("a ChillDKG session", () => {
  const session = createSession(5, 3);

  it("gives a key that any threshold of its participants sign with, for Taproot", () => {
    const key = session.outputs[0]?.output as ChillDkgOutput;
    const shares = [4, 2, 1].map((index) => ({
      index,
      value: bytesToInteger(session.outputs[index - 1]?.output.secretShare as Uint8Array, false),
    }));
    const message = new TextEncoder().encode("tacit");
    const drawn = shares.map((share) => drawNonces(taprootFrost, share));
    const request = {
      key: { publicKey: key.publicKey, threshold: 3, publicShares: key.publicShares },
      message,
      commitments: drawn.map(({ commitments }) => commitments),
    };
    const signed = shares.map((share, i) =>
      signShare(taprootFrost, request, share, (drawn[i] as (typeof drawn)[0]).nonces),
    );
    const signature = aggregateShares(taprootFrost, request, signed);
    expect(schnorr.verify(signature, message, key.publicKey.slice(1))).toBe(true);
  });

  it("comes back from the recovery data and the host key alone, the same for all", () => {
    session.secrets.forEach((secret, i) => {
      expect(session.outputs[i]?.recoveryData).toEqual(session.recoveryData);
      expect(recoverChillDkg(secret, session.recoveryData).output).toEqual(
        session.outputs[i]?.output,
      );
    });
    const stranger = () => recoverChillDkg(dice.bytes(32), session.recoveryData);
    expect(codeOf(stranger)).toBe("threshold/chilldkg");
    for (let at = 0; at < session.recoveryData.length; at += 97) {
      const changed = Uint8Array.from(session.recoveryData);
      changed[at] = (changed[at] as number) ^ 1;
      expect(
        codeOf(() => recoverChillDkg(undefined, changed)),
        String(at),
      ).toBe("threshold/chilldkg");
    }
  });

  it("says the same again after a crash, with the same randomness", () => {
    const [secret, random] = [session.secrets[0], session.randoms[0]] as [Uint8Array, Uint8Array];
    expect(participantStep1(secret, session.params, random)).toEqual(session.first[0]);
  });

  it("goes wrong for every participant whose message was changed on the way, and no key comes", () => {
    const [secret, first] = [session.secrets[0], session.first[0]] as [
      Uint8Array,
      (typeof session.first)[0],
    ];
    for (let at = 0; at < session.message.length; at += 41) {
      const changed = Uint8Array.from(session.message);
      changed[at] = (changed[at] as number) ^ 1;
      // Its own proof of possession a participant does not look at.
      if (at >= 33 * 7 && at < 33 * 7 + 64) continue;
      let failed = false;
      try {
        const { state } = participantStep2(secret, first.state, changed, new Uint8Array(32));
        // What this participant alone cannot see, the certificate shows: others signed another.
        failed =
          codeOf(() => participantFinalize(state, session.certificate)) === "threshold/chilldkg";
      } catch (error) {
        failed =
          error instanceof InvestigableError ||
          codeOf(() => {
            throw error;
          }) !== undefined;
      }
      expect(failed, `byte ${at}`).toBe(true);
    }
  });

  it("takes no message of another session, and no certificate of another", () => {
    const other = createSession(5, 3);
    const [secret, first] = [session.secrets[0], session.first[0]] as [
      Uint8Array,
      (typeof session.first)[0],
    ];
    const aux = new Uint8Array(32);
    expect(codeOf(() => participantStep2(secret, first.state, other.message, aux))).toBe(
      "threshold/chilldkg",
    );
    const { state } = session.second[0] as (typeof session.second)[0];
    expect(codeOf(() => participantFinalize(state, other.certificate))).toBe("threshold/chilldkg");
    const swapped = concatBytes(
      session.certificate.slice(64, 128),
      session.certificate.slice(0, 64),
      session.certificate.slice(128),
    );
    expect(codeOf(() => participantFinalize(state, swapped))).toBe("threshold/chilldkg");
  });
});

describe("acknowledgements of the recovery data", () => {
  const { secrets, params, recoveryData } = createSession(3, 2);
  const aux = new Uint8Array(32);
  const [first] = secrets as [Uint8Array];
  const all = secrets.map((secret) => participantAcknowledge(secret, recoveryData, params, aux));
  const verify = (signatures: readonly Uint8Array[], data = recoveryData, of = params) =>
    blameOf(() => verifyAcknowledgements(data, of, signatures));

  it("verify if all have signed", () => {
    expect(verify(all)).toBeUndefined();
  });

  it("are refused with the participant whose signature is missing, swapped or of other data", () => {
    const [one, two, three] = all as [Uint8Array, Uint8Array, Uint8Array];
    expect(verify([one, two])).toBe("threshold/too_few");
    expect(verify([one, two, three, three])).toBe("threshold/too_few");
    expect(verify([one, two.slice(1), three])).toBe("threshold/length");
    expect(verify([one, three, two])).toBe("acknowledgement 1");
    expect(verify([one, one, three])).toBe("acknowledgement 1");
    const other = createSession(3, 2);
    const foreign = participantAcknowledge(
      other.secrets[0] as Uint8Array,
      other.recoveryData,
      other.params,
      aux,
    );
    expect(verify([foreign, two, three])).toBe("acknowledgement 0");
    expect(verify([one, two, three.map((byte, i) => (i === 40 ? byte ^ 1 : byte))])).toBe(
      "acknowledgement 2",
    );
  });

  it("are not the certificate's signatures, which were given before the data existed", () => {
    const certificate = recoveryData.slice(-192);
    const signatures = [0, 64, 128].map((at) => certificate.slice(at, at + 64));
    expect(verify(signatures)).toBe("acknowledgement 0");
  });

  it("are neither given nor taken for data without a certificate, or of another session", () => {
    const other = createSession(3, 2);
    const sign = (data: Uint8Array, of = params, by = first) =>
      blameOf(() => participantAcknowledge(by, data, of, aux));
    for (const data of [
      recoveryData.slice(1),
      new Uint8Array(0),
      other.recoveryData,
      recoveryData.map((byte, i) => (i === recoveryData.length - 1 ? byte ^ 1 : byte)),
    ]) {
      expect(sign(data)).toBe("recovery_data");
      expect(verify(all, data)).toBe("recovery_data");
    }
    expect(sign(recoveryData, { ...params, threshold: 1 })).toBe("recovery_data");
    expect(sign(recoveryData, params, dice.bytes(32))).toBe("host_secret_key");
    expect(sign(recoveryData, { ...params, threshold: 4 })).toBe("threshold_or_count");
    expect(blameOf(() => participantAcknowledge(first, recoveryData, params, aux.slice(1)))).toBe(
      "threshold/length",
    );
  });
});

describe("a coordinator of ChillDKG", () => {
  const { secrets, params, first, second } = createSession(3, 2);
  const messages = first.map(({ message }) => message);
  const aux = new Uint8Array(32);
  const step2 = (i: number, body: Uint8Array) =>
    participantStep2(secrets[i] as Uint8Array, (first[i] as (typeof first)[0]).state, body, aux);

  it("who shows one participant another message gets no certificate (split view)", () => {
    const other = participantStep1(secrets[2] as Uint8Array, params, dice.bytes(32)).message;
    const [a, b] = messages as [Uint8Array, Uint8Array];
    const view = step2(0, coordinatorStep1([a, b, other], params).message);
    const [, own, last] = second.map(({ message }) => message) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const certificate = concatBytes(view.message, own, last);
    expect(blameOf(() => participantFinalize(view.state, certificate))).toBe("coordinator");
    const { state } = second[1] as (typeof second)[0];
    expect(blameOf(() => participantFinalize(state, certificate))).toBe("coordinator");
  });

  it("who swaps two senders, or repeats one's message as another's, is found out", () => {
    const [a, b, c] = messages as [Uint8Array, Uint8Array, Uint8Array];
    for (const list of [
      [a, c, b],
      [a, b, b],
      [b, a, c],
    ]) {
      const { message } = coordinatorStep1(list, params);
      expect(blameOf(() => step2(0, message))).toMatch(
        /^(coordinator|participant_or_coordinator [12])$/,
      );
    }
  });

  it("learns who sent messages of a wrong length or without elements", () => {
    const [a, b, c] = messages as [Uint8Array, Uint8Array, Uint8Array];
    const refuse = (body: Uint8Array) => blameOf(() => coordinatorStep1([a, body, c], params));
    expect(refuse(b.slice(1))).toBe("threshold/length");
    expect(refuse(concatBytes(b.slice(0, 33), b))).toBe("threshold/length");
    expect(refuse(concatBytes(new Uint8Array(33).fill(255), b.slice(33)))).toBe("participant 1");
    expect(refuse(concatBytes(b.slice(0, -32), new Uint8Array(32).fill(255)))).toBe(
      "participant 1",
    );
    expect(blameOf(() => coordinatorStep1([a, b], params))).toBe("threshold/too_few");
  });
});

it("ChillDKG works for 26 of 50 that crash at any step and begin the step again", {
  timeout: 240_000,
}, () => {
  const [count, threshold] = [50, 26];
  const secrets = Array.from({ length: count }, () => dice.bytes(32));
  const params = { hostPublicKeys: secrets.map(hostPublicKey), threshold };
  const randoms = secrets.map(() => dice.bytes(32));
  /** Done again after a crash, everything is the same. */
  const surely = <T>(run: () => T): T => {
    const result = run();
    if (dice.below(100) < 5) expect(run()).toEqual(result);
    return result;
  };
  const order = secrets.map((_, i) => i).sort(() => dice.below(3) - 1);
  const messages: Uint8Array[] = [];
  const states = new Map<number, ReturnType<typeof participantStep1>["state"]>();
  for (const i of order) {
    const [secret, random] = [secrets[i], randoms[i]] as [Uint8Array, Uint8Array];
    const { state, message } = surely(() => participantStep1(secret, params, random));
    states.set(i, state);
    messages[i] = message;
  }
  const { state, message } = coordinatorStep1(messages, params);
  const signatures: Uint8Array[] = [];
  const seconds = new Map<number, ReturnType<typeof participantStep2>["state"]>();
  for (const i of order.toReversed()) {
    const first = states.get(i) as ReturnType<typeof participantStep1>["state"];
    const secret = secrets[i] as Uint8Array;
    const step = surely(() => participantStep2(secret, first, message, new Uint8Array(32)));
    seconds.set(i, step.state);
    signatures[i] = step.message;
  }
  const { message: certificate, recoveryData, output } = coordinatorFinalize(state, signatures);
  for (const i of [0, 49]) {
    const second = seconds.get(i) as ReturnType<typeof participantStep2>["state"];
    const result = participantFinalize(second, certificate);
    expect(result.output.publicKey).toEqual(output.publicKey);
    expect(recoverChillDkg(secrets[i], recoveryData).output).toEqual(result.output);
  }
});
