/** Signatures of our own in the format of BIP-445's published vectors, which are not kept here. */

import {
  aggregateBip445,
  aggregateBip445Nonces,
  generateBip445Nonces,
  signBip445,
  signBip445Deterministically,
  signersOf,
} from "../src/bip445/index.ts";
import { utf8 } from "../src/bytes.ts";
import { secp256k1Group as group } from "../src/groups/noble-group.ts";
import { createSeededRandom } from "../src/protocol/random.ts";
import { dealShares } from "../src/vss.ts";
import { toHex } from "./vectors.ts";

const upper = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

/** @returns by file name. */
export function recordBip445(): Readonly<Record<string, unknown>> {
  const groups = [
    recordGroup({ t: 2, n: 3, ids: [2, 0], flags: [] }),
    recordGroup({ t: 3, n: 5, ids: [0, 1, 3, 4], flags: [false, true, false] }),
  ];
  const nonces = groups.flatMap(({ generated }) => generated);
  return {
    "nonce_gen_vectors.json": { valid_tests: nonces.map((item, i) => ({ tc_id: i + 1, ...item })) },
    "nonce_agg_vectors.json": {
      pubnonces: nonces.map(({ expected }) => expected[1]),
      valid_tests: groups.map(({ aggregated }, i) => ({ tc_id: i + 1, ...aggregated(i) })),
    },
    "tweak_vectors.json": { test_groups: groups.map(({ signed }) => signed) },
    "det_sign_vectors.json": { test_groups: groups.map(({ alone }) => alone) },
    "sig_agg_vectors.json": { test_groups: groups.map(({ summed }) => summed) },
  };
}

interface Shape {
  readonly t: number;
  readonly n: number;
  readonly ids: readonly number[];
  /** Of tweaks: for X alone. */
  readonly flags: readonly boolean[];
}

function recordGroup({ t, n, ids, flags }: Shape) {
  const random = createSeededRandom(new Uint8Array(32), "tacit/bip445", utf8(`${t} of ${n}`));
  const secret = group.randomScalar(random);
  const { shares } = dealShares(group, { secret, threshold: t, count: n }, random);
  const key = {
    publicKey: group.encode(group.multiplyBase(secret)),
    threshold: t,
    publicShares: shares.map(({ value }) => group.encode(group.multiplyBase(value))),
  };
  const secretShares = shares.map(({ value }) => group.encodeScalar(value));
  const message = random(40);
  const tweaks = flags.map((isXOnly) => ({
    value: group.encodeScalar(group.randomScalar(random)),
    isXOnly,
  }));
  const task = { signers: signersOf(key, ids), tweaks, message };
  const drawn = shares.map((_, i) => {
    const fresh = random(32);
    const [secretShare, publicShare] = [secretShares[i], key.publicShares[i]] as [
      Uint8Array,
      Uint8Array,
    ];
    const nonces = generateBip445Nonces({ secretShare, publicShare, message }, () => fresh);
    const generated = {
      comment: `of holder ${i}`,
      rand_: upper(fresh),
      secshare: upper(secretShare),
      pubshare: upper(publicShare),
      thresh_pk: null,
      msg: upper(message),
      extra_in: null,
      expected: [upper(nonces.secretNonce), upper(nonces.publicNonce)],
    };
    return { ...nonces, generated };
  });
  const publicNonces = ids.map((id) => drawn[id]?.publicNonce as Uint8Array);
  const aggregateNonce = aggregateBip445Nonces(publicNonces);
  const context = { ...task, aggregateNonce };
  const partials = ids.map((id) => {
    const secretNonce = Uint8Array.from(drawn[id]?.secretNonce as Uint8Array);
    return signBip445(
      secretNonce,
      { identifier: id, secretShare: secretShares[id] as Uint8Array },
      context,
    );
  });
  const common = {
    t,
    n,
    thresh_pk: upper(key.publicKey),
    pubshares: key.publicShares.map(upper),
    tweaks: tweaks.map(({ value }) => upper(value)),
  };
  const asked = {
    ids,
    pubshare_indices: ids,
    msg: upper(message),
    tweak_indices: tweaks.map((_, i) => i),
    is_xonly: flags,
  };
  const [first, ...rest] = ids as [number, ...number[]];
  const others = aggregateBip445Nonces(rest.map((id) => drawn[id]?.publicNonce as Uint8Array));
  const auxiliary = random(32);
  const own = { identifier: first, secretShare: secretShares[first] as Uint8Array };
  const alone = signBip445Deterministically(own, others, task, auxiliary);
  return {
    generated: drawn.map((item) => item.generated),
    aggregated: (before: number) => ({
      comment: `${t} of ${n}`,
      pubnonce_indices: ids.map((id) => id + (before === 0 ? 0 : 3)),
      expected: upper(aggregateNonce),
    }),
    signed: {
      ...common,
      secshares: secretShares.map(upper),
      secnonces: drawn.map(({ secretNonce }) => upper(secretNonce)),
      pubnonces: drawn.map(({ publicNonce }) => upper(publicNonce)),
      valid_tests: ids.map((id, i) => ({
        tc_id: i + 1,
        comment: `holder ${id}`,
        my_id: id,
        secshare_index: id,
        secnonce_index: id,
        pubnonce_indices: ids,
        aggnonce: upper(aggregateNonce),
        ...asked,
        expected: upper(partials[i] as Uint8Array),
      })),
    },
    alone: {
      ...common,
      secshares: secretShares.map(upper),
      valid_tests: [
        {
          tc_id: 1,
          comment: "the first signer, last",
          my_id: first,
          secshare_index: first,
          aggothernonce: upper(others),
          rand: upper(auxiliary),
          ...asked,
          expected: [upper(alone.publicNonce), upper(alone.partialSignature)],
        },
      ],
    },
    summed: {
      ...common,
      valid_tests: [
        {
          tc_id: 1,
          comment: "all signers",
          aggnonce: upper(aggregateNonce),
          psigs: partials.map(upper),
          ...asked,
          expected: upper(aggregateBip445(partials, context)),
        },
      ],
    },
  };
}
