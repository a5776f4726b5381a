import { schnorr } from "@noble/curves/secp256k1.js";
import { describe, expect, it } from "vitest";
import { bytesToInteger, concatBytes } from "../src/bytes.ts";
import {
  type ChillDkgOutput,
  coordinatorFinalize,
  coordinatorStep1,
  hostPublicKey,
  InvestigableError,
  participantFinalize,
  participantStep1,
  participantStep2,
  recoverChillDkg,
} from "../src/chilldkg/index.ts";
import { aggregateShares, drawNonces, signShare, taprootFrost } from "../src/frost/index.ts";
import { createDice } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

const dice = createDice("chilldkg");

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
