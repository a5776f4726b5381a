/** Sessions of COCKTAIL-DKG: with a coordinator, and over the simulated channel. */

import { concatBytes } from "../src/bytes.ts";
import {
  type CocktailConfig,
  type CocktailOutcome,
  type CocktailParams,
  type CocktailSuite,
  cocktailCertify,
  cocktailDistribute,
  cocktailFinalize,
  cocktailStep1,
  cocktailStep2,
  createCocktail,
  deriveCocktailContext,
  restoreCocktail,
} from "../src/cocktail/index.ts";
import { encodeBundle, encodeContribution, possessionMessage } from "../src/cocktail/messages.ts";
import { signCocktail } from "../src/cocktail/schnorr.ts";
import { sealShares, shareCipher } from "../src/cocktail/shares.ts";
import type { Scalar } from "../src/groups/group.ts";
import type { Actor, Dice } from "./simulator.ts";

export interface CocktailMembers<P> {
  readonly params: CocktailParams<P>;
  readonly secrets: readonly Scalar[];
}

export function createCocktailMembers<P>(
  suite: CocktailSuite<P>,
  dice: Dice,
  { threshold, count }: { readonly threshold: number; readonly count: number },
): CocktailMembers<P> {
  const { group } = suite;
  const secrets = Array.from({ length: count }, () => group.randomScalar(dice.bytes));
  const hostPublicKeys = secrets.map((secret) => group.encode(group.multiplyBase(secret)));
  const context = deriveCocktailContext(suite, dice.bytes(16), hostPublicKeys);
  return { params: { suite, context, threshold, hostPublicKeys }, secrets };
}

/** A session with an honest coordinator, and everything that was said in it. */
export function runCocktail<P>({ params, secrets }: CocktailMembers<P>, dice: Dice) {
  const first = secrets.map((secret) => cocktailStep1(params, secret, dice.bytes(32)));
  const messages = first.map(({ message }) => message);
  const distributed = cocktailDistribute(params, messages);
  const second = secrets.map((secret, i) => {
    const { state } = first[i] as (typeof first)[0];
    return cocktailStep2(params, secret, state, distributed[i] as Uint8Array);
  });
  const certificate = cocktailCertify(
    params,
    second.map(({ message }) => message),
  );
  const results = second.map(({ state }) => cocktailFinalize(params, state, certificate));
  return { params, secrets, first, messages, distributed, second, certificate, results };
}

export function createCocktailActors<P>(
  { params, secrets }: CocktailMembers<P>,
  dice: Dice,
  corrupt: Readonly<Record<number, NonNullable<Actor<CocktailOutcome>["corrupt"]>>> = {},
  more: Omit<CocktailConfig<P>, keyof CocktailParams<P>> & { payloads?: Uint8Array[] } = {},
): Actor<CocktailOutcome>[] {
  const { payloads, ...extension } = more;
  const config = { ...params, ...extension };
  return secrets.map((keySecret, i) => {
    const change = corrupt[i + 1];
    const payload = payloads?.[i];
    const identity = { keySecret, seed: dice.bytes(32) };
    return {
      indexOf: () => i + 1,
      party: createCocktail(config, payload === undefined ? identity : { ...identity, payload }),
      restart: (snapshot) => restoreCocktail(config, keySecret, snapshot),
      ...(change === undefined ? {} : { corrupt: change }),
    };
  });
}

/** A first message that is right, but that `victim` decrypts to what it should not. */
export function dealWrongly<P>(
  { params, secrets }: CocktailMembers<P>,
  dice: Dice,
  way: { readonly sender: number; readonly victim: number; readonly plaintext: Uint8Array },
): { message: Uint8Array; ephemeralSecret: Scalar } {
  const { suite, threshold, hostPublicKeys, context } = params;
  const { group } = suite;
  const polynomial = Array.from({ length: threshold }, () => group.randomScalar(dice.bytes));
  const ephemeralSecret = group.randomScalar(dice.bytes);
  const ephemeral = group.encode(group.multiplyBase(ephemeralSecret));
  const commitments = concatBytes(
    ...polynomial.map((scalar) => group.encode(group.multiplyBase(scalar))),
  );
  const signed = possessionMessage(context, { commitments, ephemeral });
  const proof = signCocktail(suite, polynomial[0] as Scalar, signed);
  const keys = hostPublicKeys.map((key) => group.decode(key));
  const [index, secret] = [way.sender, secrets[way.sender - 1] as Scalar];
  const sealing = { index, secret, ephemeralSecret, ephemeral, polynomial, payloads: [], keys };
  const ciphertexts = sealShares(params, sealing);
  const key = keys[way.victim - 1] as P;
  const shared = {
    ephemeral: group.multiplySecret(key, ephemeralSecret),
    lasting: group.multiplySecret(key, secret),
  };
  const sender = hostPublicKeys[way.sender - 1] as Uint8Array;
  const recipient = hostPublicKeys[way.victim - 1] as Uint8Array;
  ciphertexts[way.victim - 1] = shareCipher(params, shared, {
    ephemeral,
    sender,
    recipient,
  }).encrypt(way.plaintext);
  const contribution = encodeContribution({ commitments, proof, ephemeral });
  return { message: concatBytes(contribution, encodeBundle(ciphertexts)), ephemeralSecret };
}
