/** A broadcast channel, parties at different speeds, crashes; everything by one seed. */
import type { Fault, Party } from "../src/protocol/party.ts";
import { createSeededRandom } from "../src/protocol/random.ts";

export interface Dice {
  below(limit: number): number;
  bytes(lengthBytes: number): Uint8Array;
}

export function createDice(seed: string): Dice {
  const stream = createSeededRandom(
    new Uint8Array(32),
    "simulator",
    new TextEncoder().encode(seed),
  );
  return {
    below: (limit) => new DataView(stream(4).buffer).getUint32(0) % limit,
    bytes: (lengthBytes) => Uint8Array.from(stream(lengthBytes)),
  };
}

/** What the channel carries, in its order; without a body: the round's time is over. */
export interface Entry {
  readonly from: number;
  readonly body: Uint8Array | undefined;
}

export interface Actor<Out> {
  /** The sender's index per round: sets may differ from round to round. */
  readonly indexOf: (round: number) => number | undefined;
  party: Party<Out>;
  /** A new party from a snapshot. */
  readonly restart: (snapshot: Uint8Array) => Party<Out>;
  /** Changes what leaves it: undefined holds the message back. */
  readonly corrupt?: (body: Uint8Array, round: number) => readonly Uint8Array[];
}

export interface Run<Out> {
  readonly log: readonly Entry[];
  readonly outcomes: readonly (Out | undefined)[];
  /** By actor, in the order in which it saw them. */
  readonly faults: readonly (readonly Fault[])[];
}

/**
 * Delivers the log to every actor at its own pace. An actor may crash after any step: it is
 * made anew of its snapshot, and says again what it said. When nothing is left to deliver and
 * not all are done, the round's time is over.
 */
export function simulate<Out>(
  actors: Actor<Out>[],
  options: { readonly dice: Dice; readonly crashPercent?: number; readonly extra?: Entry[] },
): Run<Out> {
  const { dice, crashPercent = 0 } = options;
  const log: Entry[] = [...(options.extra ?? [])];
  const carried = new Set<string>();
  const positions = actors.map(() => 0);
  const outcomes: (Out | undefined)[] = actors.map(() => undefined);
  const faults: Fault[][] = actors.map(() => []);
  const send = (actor: Actor<Out>, bodies: readonly { body: Uint8Array }[]): void => {
    for (const { body } of bodies) {
      const round = body[0] as number;
      const from = actor.indexOf(round);
      if (from === undefined) continue;
      for (const sent of actor.corrupt?.(body, round) ?? [body]) {
        // A channel carries one message of one sender once, however often it is handed over.
        const name = `${from} ${Buffer.from(sent).toString("hex")}`;
        if (!carried.has(name)) log.push({ from, body: sent });
        carried.add(name);
      }
    }
  };
  for (const actor of actors) send(actor, actor.party.start().out);
  for (let steps = 0; ; steps++) {
    if (steps > 1_000_000) throw new TypeError("the run does not end");
    const behind = actors.flatMap((_, i) => ((positions[i] as number) < log.length ? [i] : []));
    if (behind.length === 0) {
      if (outcomes.every((outcome) => outcome !== undefined)) break;
      log.push({ from: 0, body: undefined });
      continue;
    }
    const i = behind[dice.below(behind.length)] as number;
    const actor = actors[i] as Actor<Out>;
    const { from, body } = log[positions[i] as number] as Entry;
    positions[i] = (positions[i] as number) + 1;
    const step = body === undefined ? actor.party.closeRound() : actor.party.receive(from, body);
    faults[i]?.push(...step.faults);
    if (step.done !== undefined) outcomes[i] = step.done;
    send(actor, step.out);
    if (dice.below(100) < crashPercent) {
      actor.party = actor.restart(actor.party.snapshot());
      send(actor, actor.party.start().out);
    }
  }
  return { log, outcomes, faults };
}
