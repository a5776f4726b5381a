/**
 * Writes records of ElectionGuard 2.0.0 for tests, in the form of the Kotlin library, honestly or
 * with one lie that everything else is made to fit. It knows the guardians' secrets. Hashes and
 * proofs are its own; of the package it uses the group alone.
 */
import { G, P, Q } from "../src/voting/electionguard/group.ts";
import { Base, FixedBase, generatorPower } from "../src/voting/electionguard/powers.ts";
import {
  byte,
  type ContestOf,
  concat,
  contests,
  H,
  hex,
  i4,
  type Json,
  manifestOf,
  mod,
  type Plan,
  p,
  plans,
  q,
  type RecordTree,
  serialise,
  styles,
  text,
  toInteger,
} from "./electionguard-election.ts";

/** What lies may be told, each once. */
export interface Lies {
  /** The vote for the first selection of the first ballot is this, with a proof for 1. */
  readonly firstVote?: number;
  /** Both votes of the first contest, which allows one, with a proof for 1. */
  readonly isOverVoted?: boolean;
  /** The tally leaves the first ballot out, and is decrypted as it is. */
  readonly isBallotDropped?: boolean;
  /** The first sum is said to be one more, with whatever follows from that. */
  readonly isSumRaised?: boolean;
  /** The challenged ballot's first contest is said to be the other way round. */
  readonly isOpeningSwapped?: boolean;
  /** What was written in is said to be something else. */
  readonly isWriteInChanged?: boolean;
  /** A cast ballot is opened too. */
  readonly isCastOpened?: boolean;
  /** The second ballot is the first again, under another name. */
  readonly isBallotCopied?: boolean;
  /** The last ballot of the first device is gone, and the chain does not say so. */
  readonly isLastHidden?: boolean;
  /** Votes for a contest that no cast ballot has. */
  readonly isUnvotedFilled?: boolean;
  /** The first vote's pad is multiplied by -1, with everything fitting that can. */
  readonly isOutsideGroup?: boolean;
  /** The first guardian's key is 1, of which everybody knows the secret. */
  readonly isKeyOne?: boolean;
  /** A choice of the paper that was not made stands in the place of the one that was. */
  readonly isShortCodeSwapped?: boolean;
  /** The challenged ballot's first vote is this, with a proof for 1. */
  readonly challengedVote?: number;
}

interface Pair {
  readonly pad: bigint;
  readonly data: bigint;
}

interface Selection {
  readonly id: string;
  readonly order: number;
  readonly pair: Pair;
  readonly nonce: bigint;
  readonly vote: number;
}

interface MadeContest {
  readonly contest: ContestOf;
  readonly selections: readonly Selection[];
  readonly hash: Uint8Array;
  readonly preHash: Uint8Array | undefined;
  readonly data: MadeData;
  readonly json: Json;
}

interface MadeData {
  readonly c0: bigint;
  readonly c1: Uint8Array;
  readonly c2: Uint8Array;
  readonly json: Json;
}

interface MadeBallot {
  readonly parts: readonly MadeContest[];
  readonly code: Uint8Array;
  readonly json: Json;
}

const mul = (left: bigint, right: bigint) => (left * right) % P;

/** Draws the same numbers each time. */
class Dice {
  #count = 0;
  draw(): bigint {
    this.#count += 1;
    return mod(toInteger(H(new Uint8Array(32), i4(this.#count))));
  }
}

export interface RecorderOptions {
  readonly isChaining?: boolean;
  /** One contest, and three ballots: cast, challenged and pre-encrypted. */
  readonly isSmall?: boolean;
  readonly lies?: Lies;
}

export class Recorder {
  readonly #dice = new Dice();
  readonly #lies: Lies;
  readonly #isChaining: boolean;
  readonly #secret: bigint;
  readonly #key: bigint;
  readonly #keyBase: FixedBase;
  readonly #hash: Uint8Array;
  readonly #device = text("device info");
  readonly #plans: readonly Plan[];
  readonly #contests: readonly ContestOf[];
  readonly #files: RecordTree = new Map();

  constructor({ isChaining = false, isSmall = false, lies = {} }: RecorderOptions = {}) {
    const ids = ["b 1", "b3", "p1"];
    const small = plans.filter(({ id }) => ids.includes(id));
    this.#plans = isSmall ? small.map((plan) => ({ ...plan, style: "short" })) : plans;
    this.#lies = lies;
    this.#isChaining = isChaining;
    const version = new Uint8Array(32);
    version.set(text("v2.0.0"));
    const parameters = H(version, byte(0), p(P), q(Q), p(G));
    this.#contests = isSmall ? contests.slice(0, 1) : contests;
    const manifest = manifestOf(this.#contests);
    const manifestBytes = serialise(manifest);
    const manifestHash = H(parameters, byte(1), i4(manifestBytes.length), manifestBytes);
    const [count, quorum] = [3, 2];
    const electionHash = H(parameters, byte(2), manifestHash, i4(count), i4(quorum));
    const guardians = Array.from({ length: count }, (_, i) =>
      this.#guardian(i + 1, quorum, parameters),
    );
    this.#secret = mod(guardians.reduce((sum, { secret }) => sum + secret, 0n));
    this.#key = generatorPower(this.#secret);
    this.#keyBase = new FixedBase(this.#key);
    this.#hash = H(electionHash, byte(0x12), p(this.#key));
    this.#files.set("constants.json", {
      name: "4096 bits",
      large_prime: hex(p(P)),
      small_prime: hex(q(Q)),
      cofactor: hex(p((P - 1n) / Q)),
      generator: hex(p(G)),
    });
    this.#files.set("manifest.json", manifest);
    this.#files.set("election_config.json", {
      config_version: "v2.0.0",
      number_of_guardians: count,
      quorum,
      parameter_base_hash: hex(parameters),
      manifest_hash: hex(manifestHash),
      election_base_hash: hex(electionHash),
      chain_confirmation_codes: isChaining,
      baux0: [...this.#device],
      metadata: { made: "by a test" },
    });
    this.#files.set("election_initialized.json", {
      joint_public_key: hex(p(this.#key)),
      extended_base_hash: hex(this.#hash),
      guardians: guardians.map(({ json }) => json),
    });
  }

  #guardian(coordinate: number, quorum: number, base: Uint8Array): { secret: bigint; json: Json } {
    const coefficients = Array.from({ length: quorum }, () => this.#dice.draw());
    if (coordinate === 1 && this.#lies.isKeyOne) coefficients[0] = 0n;
    const proofs = coefficients.map((coefficient, j) => {
      const key = generatorPower(coefficient);
      const nonce = this.#dice.draw();
      const parts = [i4(coordinate), i4(j), p(key), p(generatorPower(nonce))];
      const challenge = mod(toInteger(H(base, byte(0x10), ...parts)));
      const response = mod(nonce - challenge * coefficient);
      return { public_key: hex(p(key)), challenge: hex(q(challenge)), response: hex(q(response)) };
    });
    const json = {
      guardian_id: `g${coordinate}`,
      x_coordinate: coordinate,
      coefficient_proofs: proofs,
    };
    return { secret: coefficients[0] as bigint, json };
  }

  record(): RecordTree {
    const cast: { contest: ContestOf; selections: readonly Selection[] }[] = [];
    const castIds: string[] = [];
    const chains = new Map<string, { ids: string[]; last: Uint8Array | undefined }>();
    let first: Json | undefined;
    for (const plan of this.#plans) {
      const { isBallotCopied, isBallotDropped, isCastOpened } = this.#lies;
      const chain = chains.get(plan.device) ?? { ids: [], last: undefined };
      chains.set(plan.device, chain);
      const made = this.#ballot(plan, chain.last);
      let { json } = made;
      if (plan.id === "b2" && isBallotCopied) json = { ...(first as object), ballot_id: "b2" };
      first ??= json;
      const folder = plan.device.replaceAll(" ", "_");
      const name = plan.id.replaceAll(" ", "_");
      this.#files.set(`encrypted_ballots/${folder}/eballot-${name}.json`, json);
      chain.ids.push(plan.id);
      chain.last = made.code;
      if (plan.state === "CAST" && !(plan.id === "b 1" && isBallotDropped)) {
        castIds.push(plan.id);
        const copied = plan.id === "b2" && isBallotCopied;
        cast.push(...(copied ? cast.slice(0, 2) : made.parts));
      }
      const isOpened = plan.state === "SPOILED" || (plan.id === "b2" && isCastOpened);
      if (isOpened)
        this.#files.set(`challenged_ballots/dballot-${name}.json`, this.#opening(plan, made));
    }
    for (const [device, chain] of chains) this.#closeChain(device, chain);
    this.#tally(cast, castIds);
    return this.#files;
  }

  #ballot(plan: Plan, last: Uint8Array | undefined): MadeBallot {
    const own = this.#contests.filter(({ district }) =>
      (styles[plan.style] as readonly string[]).includes(district),
    );
    const parts = own.map((contest, i) => this.#contest(plan, contest, plan.votes[i] ?? []));
    const start = H(this.#hash, byte(0x24), this.#device);
    const chained = last === undefined ? start : concat(last, this.#device);
    const codeBytes = this.#isChaining ? chained : this.#device;
    const hashes = parts.map(({ preHash, hash }) => preHash ?? hash);
    const separator = byte(plan.isPreEncrypted ? 0x42 : 0x24);
    const code = H(this.#hash, separator, ...hashes, codeBytes);
    const json: Json = {
      ballot_id: plan.id,
      ballot_style_id: plan.style,
      encrypting_device: plan.device,
      timestamp: 1_800_000_000,
      code_baux: hex(codeBytes),
      confirmation_code: hex(code),
      election_id: hex(this.#hash),
      contests: parts.map((part) => part.json),
      state: plan.state,
      encrypted_sn: plan.id === "b2" ? this.#pairJson(this.#encrypt(7, this.#dice.draw())) : null,
      is_preencrypt: plan.isPreEncrypted ?? false,
      primary_nonce: null,
    };
    return { parts, code, json };
  }

  #encrypt(vote: number, nonce: bigint): Pair {
    return { pad: generatorPower(nonce), data: this.#keyBase.power(nonce + BigInt(vote)) };
  }

  #pairJson({ pad, data }: Pair): Json {
    return { pad: hex(p(pad)), data: hex(p(data)) };
  }

  #contest(plan: Plan, contest: ContestOf, planned: readonly number[]): MadeContest {
    const isFirst = plan.id === "b 1" && contest.id === "mayor";
    const { firstVote = 1, isOverVoted, isOutsideGroup, challengedVote } = this.#lies;
    const isChallenged = plan.id === "b3" && contest.id === "mayor" && challengedVote !== undefined;
    const challenged = isChallenged ? [challengedVote, 1] : planned;
    const votes = isFirst ? [firstVote, isOverVoted ? 1 : 0] : challenged;
    const pre = plan.isPreEncrypted ? this.#preEncrypt(contest, votes) : undefined;
    const selections = contest.selections.map((id, i): Selection => {
      const vote = votes[i] ?? 0;
      const nonce = pre?.nonces[i] ?? this.#dice.draw();
      const made = pre?.sums[i] ?? this.#encrypt(vote, nonce);
      const pair = isFirst && i === 0 && isOutsideGroup ? { ...made, pad: P - made.pad } : made;
      return { id, order: i + 1, vote, pair, nonce };
    });
    const hash = H(
      this.#hash,
      byte(0x23),
      i4(contest.order),
      p(this.#key),
      ...selections.flatMap(({ pair }) => [p(pair.pad), p(pair.data)]),
    );
    const sum = {
      pad: selections.reduce((product, { pair }) => mul(product, pair.pad), 1n),
      data: selections.reduce((product, { pair }) => mul(product, pair.data), 1n),
    };
    const total = votes.reduce((all, vote) => all + vote, 0);
    const nonce = selections.reduce((all, one) => all + one.nonce, 0n);
    const data = this.#contestData(contest, plan.writeIns ?? []);
    const json: Json = {
      contest_id: contest.id,
      sequence_order: contest.order,
      votes_allowed: contest.limit,
      contest_hash: hex(hash),
      selections: selections.map((one) => ({
        selection_id: one.id,
        sequence_order: one.order,
        encrypted_vote: this.#pairJson(one.pair),
        proof: this.#range(one.pair, Math.min(one.vote, 1), 1, one.nonce),
      })),
      proof: this.#range(sum, Math.min(total, contest.limit), contest.limit, nonce),
      encrypted_contest_data: data.json,
      pre_encryption: pre?.json ?? null,
    };
    return { contest, selections, hash, preHash: pre?.hash, data, json };
  }

  #preEncrypt(contest: ContestOf, votes: readonly number[]) {
    const { limit, selections } = contest;
    const vectors = Array.from({ length: selections.length + limit }, (_, choice) => {
      const nonces = selections.map(() => this.#dice.draw());
      const pairs = nonces.map((nonce, i) => this.#encrypt(choice === i ? 1 : 0, nonce));
      const parts = pairs.flatMap(({ pad, data }) => [p(pad), p(data)]);
      return { nonces, pairs, hash: H(this.#hash, byte(0x40), p(this.#key), ...parts) };
    });
    const real = vectors.filter((_, i) => votes[i] === 1);
    const chosen = [...real, ...vectors.slice(selections.length)].slice(0, limit);
    const hashes = vectors.map(({ hash }) => hex(hash)).sort();
    const bytes = hashes.map((one) => new Uint8Array(Buffer.from(one, "hex")));
    const hash = H(this.#hash, byte(0x41), i4(contest.order), p(this.#key), ...bytes);
    const sums = selections.map((_, i) => ({
      pad: chosen.reduce((product, { pairs }) => mul(product, (pairs[i] as Pair).pad), 1n),
      data: chosen.reduce((product, { pairs }) => mul(product, (pairs[i] as Pair).data), 1n),
    }));
    const nonces = selections.map((_, i) =>
      chosen.reduce((sum, vector) => sum + (vector.nonces[i] as bigint), 0n),
    );
    const other = vectors.filter((vector) => vector !== chosen[0]).slice(0, 1);
    const shown = this.#lies.isShortCodeSwapped ? [...other, ...chosen.slice(1)] : chosen;
    const json: Json = {
      preencryption_hash: hex(hash),
      all_selection_hashes: hashes,
      selected_vectors: shown.map((vector) => ({
        selection_hash: hex(vector.hash),
        short_code: hex(vector.hash).slice(0, 5),
        encryptions: vector.pairs.map((pair) => this.#pairJson(pair)),
      })),
    };
    return { hash, sums, nonces, json };
  }

  #range({ pad, data }: Pair, vote: number, limit: number, nonce: bigint): Json {
    const us = Array.from({ length: limit + 1 }, () => this.#dice.draw());
    const cs = us.map(() => this.#dice.draw());
    const parts = us.flatMap((u, j) => {
      const shift = j === vote ? 0n : BigInt(vote - j) * (cs[j] as bigint);
      return [p(generatorPower(u)), p(this.#keyBase.power(u + shift))];
    });
    const all = toInteger(H(this.#hash, byte(0x21), p(this.#key), p(pad), p(data), ...parts));
    const others = cs.reduce((sum, c, j) => (j === vote ? sum : sum + c), 0n);
    cs[vote] = mod(all - others);
    return {
      proofs: us.map((u, j) => ({
        challenge: hex(q(cs[j] as bigint)),
        response: hex(q(mod(u - (cs[j] as bigint) * nonce))),
      })),
    };
  }

  /** Protobuf, filled up to a block for each vote and one. */
  #contestData({ id, limit }: ContestOf, writeIns: readonly string[]): MadeData {
    const names = writeIns.map((name) => text(name));
    const body = concat(...names.map((name) => concat(byte(0x1a), byte(name.length), name)));
    const lengthBytes = 32 * (limit + 1);
    const fill = lengthBytes - body.length - 2;
    const plain = concat(body, byte(0x22), byte(fill), text("*".repeat(fill)));
    const nonce = this.#dice.draw();
    const [c0, beta] = [generatorPower(nonce), this.#keyBase.power(nonce)];
    const secret = H(this.#hash, byte(0x22), p(this.#key), p(c0), p(beta));
    const context = concat(text(`share_enc_keys\0contest_data${id}`), i4(8 * lengthBytes));
    const keys = Array.from({ length: limit + 2 }, (_, i) => H(secret, i4(i), context));
    const stream = concat(...keys.slice(1));
    const c1 = plain.map((one, i) => one ^ (stream[i] as number));
    const c2 = H(keys[0] as Uint8Array, p(c0), c1);
    const json: Json = { c0: hex(p(c0)), c1: hex(c1), c2: hex(c2), numBytes: lengthBytes };
    return { c0, c1, c2, json };
  }

  #closeChain(
    device: string,
    { ids, last }: { ids: string[]; last: Uint8Array | undefined },
  ): void {
    const folder = device.replaceAll(" ", "_");
    if (this.#lies.isLastHidden && device === "hall 1") {
      const id = ids.pop() as string;
      this.#files.delete(`encrypted_ballots/${folder}/eballot-${id}.json`);
      this.#files.delete(`challenged_ballots/dballot-${id}.json`);
    }
    const end = last as Uint8Array;
    const start = this.#isChaining ? H(this.#hash, byte(0x24), this.#device) : this.#device;
    const closing = H(this.#hash, byte(0x24), end, this.#device, text("CLOSE"));
    this.#files.set(`encrypted_ballots/${folder}/ballot_chain.json`, {
      encrypting_device: device,
      baux0: hex(start),
      ballot_ids: ids,
      last_confirmation_code: hex(end),
      chaining: this.#isChaining,
      closing_hash: this.#isChaining ? hex(closing) : null,
    });
  }

  #tally(cast: readonly { contest: ContestOf; selections: readonly Selection[] }[], ids: string[]) {
    const sums = this.#contests.map((contest) => ({
      contest,
      selections: contest.selections.map((id, i) => {
        const own = cast.filter((one) => one.contest.id === contest.id);
        const parts = own.map(({ selections }) => selections[i] as Selection);
        const empty = this.#encrypt(this.#lies.isUnvotedFilled ? 5 : 0, this.#dice.draw());
        const isEmpty = parts.length === 0;
        const votes = parts.reduce((sum, { vote }) => sum + vote, 0);
        const pair = {
          pad: parts.reduce((product, one) => mul(product, one.pair.pad), isEmpty ? empty.pad : 1n),
          data: parts.reduce(
            (product, one) => mul(product, one.pair.data),
            isEmpty ? empty.data : 1n,
          ),
        };
        return { id, order: i + 1, pair, vote: isEmpty && this.#lies.isUnvotedFilled ? 5 : votes };
      }),
    }));
    this.#files.set("encrypted_tally.json", {
      tally_id: "sum",
      contests: sums.map(({ contest, selections }) => ({
        contest_id: contest.id,
        sequence_order: contest.order,
        selections: selections.map(({ id, order, pair }) => ({
          selection_id: id,
          sequence_order: order,
          encrypted_vote: this.#pairJson(pair),
        })),
      })),
      cast_ballot_ids: ids,
      election_id: hex(this.#hash),
    });
    const raised = this.#lies.isSumRaised ? 1 : 0;
    this.#files.set("tally.json", {
      id: "sum",
      contests: sums.map(({ contest, selections }, i) => ({
        contest_id: contest.id,
        selections: selections.map(({ id, pair, vote }, j) =>
          this.#decrypted(id, pair, vote + (i === 0 && j === 0 ? raised : 0)),
        ),
        decrypted_contest_data: null,
      })),
      election_id: hex(this.#hash),
    });
  }

  #decrypted(id: string, pair: Pair, votes: number): Json {
    const element = this.#keyBase.power(BigInt(votes));
    const share = mul(pair.data, this.#keyBase.power(BigInt(-votes)));
    const nonce = this.#dice.draw();
    const b = new Base(pair.pad).power(nonce);
    const parts = [pair.pad, pair.data, generatorPower(nonce), b, share].map(p);
    const challenge = mod(toInteger(H(this.#hash, byte(0x30), p(this.#key), ...parts)));
    return {
      selection_id: id,
      tally: votes,
      b_over_m: hex(p(element)),
      encrypted_vote: this.#pairJson(pair),
      proof: this.#response(nonce, challenge),
    };
  }

  #response(nonce: bigint, challenge: bigint): Json {
    const response = mod(nonce - challenge * this.#secret);
    return { challenge: hex(q(challenge)), response: hex(q(response)) };
  }

  #opening(plan: Plan, { parts }: MadeBallot): Json {
    return {
      id: plan.id,
      contests: parts.map(({ contest, selections, data }, i) => {
        const isSwapped = this.#lies.isOpeningSwapped && i === 0;
        const nonce = this.#dice.draw();
        const beta = new Base(data.c0).power(this.#secret);
        const b = new Base(data.c0).power(nonce);
        const head = [p(this.#key), p(data.c0), text(hex(data.c1)), data.c2];
        const tail = [generatorPower(nonce), b, beta].map(p);
        const challenge = mod(toInteger(H(this.#hash, byte(0x31), ...head, ...tail)));
        const writeIns = this.#lies.isWriteInChanged ? ["Augustin"] : (plan.writeIns ?? []);
        return {
          contest_id: contest.id,
          selections: selections.map(({ id, pair, vote }) =>
            this.#decrypted(id, pair, isSwapped ? 1 - vote : vote),
          ),
          decrypted_contest_data: {
            contest_data: { over_votes: [], write_ins: [...writeIns], status: "normal" },
            encrypted_contest_data: data.json,
            proof: this.#response(nonce, challenge),
            beta: hex(p(beta)),
          },
        };
      }),
      election_id: hex(this.#hash),
    };
  }
}
