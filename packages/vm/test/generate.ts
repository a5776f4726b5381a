/**
 * Random contracts from a seed, in two forms: as they are, and with each sequence counting its
 * own instructions into a global, from the program's tree and not from its bytes. The second is
 * what metering is compared with.
 */

/** A program: `main` runs it and answers an `i64`; `count` is a global of the counting form. */
export interface GeneratedProgram {
  readonly plain: string;
  readonly counting: string;
}

interface Piece {
  readonly text: string;
  /** Instructions that belong to the sequence that the piece stands in. */
  readonly count: number;
}

const FUNCTIONS = 4;
const I32_LOCALS = ["$a", "$b", "$c"];
const I64_LOCALS = ["$x", "$y"];
const I32_OPS = "add sub mul and or xor shl shr_s shr_u rotl rotr eq ne lt_s lt_u gt_s ge_u".split(
  " ",
);
const I64_OPS = "add sub mul and or xor shl shr_s shr_u rotl rotr".split(" ");
const I32_UNARY = "clz ctz popcnt eqz extend8_s extend16_s".split(" ");

/** @param seed a 32-bit integer; equal seeds give equal programs. */
export function generateProgram(seed: number): GeneratedProgram {
  return {
    plain: new Generator(seed, false).module(),
    counting: new Generator(seed, true).module(),
  };
}

class Generator {
  #state: number;
  readonly #counts: boolean;
  #labels = 0;
  #functionIndex = 0;
  #loopCounters = 0;

  constructor(seed: number, counts: boolean) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0 || 1;
    this.#counts = counts;
  }

  module(): string {
    const functions: string[] = [];
    for (let index = 0; index < FUNCTIONS; index++) functions.push(this.#function(index));
    return `
      (type $leaf (func (param i32 i64) (result i64)))
      (table 3 funcref) (elem (i32.const 0) $f${FUNCTIONS - 1} $f${FUNCTIONS - 1})
      (global $g (mut i32) (i32.const 17))
      (global $h (mut i64) (i64.const -23))
      ${functions.join("\n")}
      (func $main (result i64) ${this.#counter(3)}
        (call $f0 (i32.const 3) (i64.const 5)))`;
  }

  #below(bound: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    this.#state >>>= 0;
    return this.#state % bound;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  #counter(count: number): string {
    if (!this.#counts) return "";
    return `(global.set $count (i64.add (global.get $count) (i64.const ${count})))`;
  }

  #function(index: number): string {
    this.#functionIndex = index;
    this.#loopCounters = 0;
    const statements = this.#statements(3, [], 3 + this.#below(5));
    const result = this.#i64(3);
    const body = this.#seal([...statements, result]);
    const counters = Array.from({ length: this.#loopCounters }, (_, at) => `(local $l${at} i32)`);
    return `(func $f${index} (type $leaf) (param $a i32) (param $x i64) (result i64)
      (local $b i32) (local $c i32) (local $y i64) ${counters.join(" ")} ${body})`;
  }

  /** A sequence's text, with its counter in front; what follows a dead piece counts nothing. */
  #seal(pieces: readonly (Piece & { readonly isDead?: boolean })[]): string {
    let count = 0;
    for (const piece of pieces) {
      count += piece.count;
      if (piece.isDead === true) break;
    }
    return this.#counter(count) + pieces.map(({ text }) => text).join("\n");
  }

  #sequence(depth: number, labels: readonly string[]): string {
    const pieces = this.#statements(depth, labels, 1 + this.#below(4));
    return this.#seal(pieces);
  }

  #statements(depth: number, labels: readonly string[], length: number): Piece[] {
    const pieces: Piece[] = [];
    for (let at = 0; at < length; at++) pieces.push(this.#statement(depth, labels));
    return pieces;
  }

  #statement(depth: number, labels: readonly string[]): Piece & { readonly isDead?: boolean } {
    const kind = this.#below(depth > 0 ? 16 : 8);
    if (kind < 2) {
      const value = this.#i32(3);
      return {
        text: `(local.set ${this.#pick(I32_LOCALS)} ${value.text})`,
        count: value.count + 1,
      };
    }
    if (kind < 4) {
      const value = this.#i64(3);
      return {
        text: `(local.set ${this.#pick(I64_LOCALS)} ${value.text})`,
        count: value.count + 1,
      };
    }
    if (kind === 4) return this.#store();
    if (kind === 5) return this.#branch(labels);
    if (kind === 6) return this.#rare(labels);
    if (kind === 7) {
      const value = this.#i32(2);
      return { text: `(global.set $g ${value.text})`, count: value.count + 1 };
    }
    if (kind < 11) return this.#if(depth, labels);
    if (kind < 13) return this.#block(depth, labels);
    if (kind < 15) return this.#loop(depth, labels);
    return this.#branchTable(depth, labels);
  }

  #address(): Piece {
    if (this.#below(60) === 0) return this.#i32(2);
    const inner = this.#i32(2);
    return {
      text: `(i32.or (i32.and ${inner.text} (i32.const 0xfff8)) (i32.const 0x10000))`,
      count: inner.count + 4,
    };
  }

  #store(): Piece {
    const address = this.#address();
    const isWide = this.#below(2) === 0;
    const value = isWide ? this.#i64(2) : this.#i32(2);
    const op = isWide
      ? this.#pick(["i64.store", "i64.store8", "i64.store32"])
      : this.#pick(["i32.store", "i32.store8", "i32.store16"]);
    const offset = this.#below(8);
    return {
      text: `(${op} offset=${offset} ${address.text} ${value.text})`,
      count: address.count + value.count + 1,
    };
  }

  #branch(labels: readonly string[]): Piece {
    if (labels.length === 0) return { text: "(nop)", count: 0 };
    const condition = this.#i32(2);
    return { text: `(br_if ${this.#pick(labels)} ${condition.text})`, count: condition.count + 1 };
  }

  #rare(labels: readonly string[]): Piece & { readonly isDead?: boolean } {
    switch (this.#below(12)) {
      case 0:
        return { text: "(return (i64.const 99))", count: 2, isDead: true };
      case 1:
        return {
          text: `(br ${labels[0] ?? 0})`,
          count: 1,
          isDead: true,
          ...this.#orReturn(labels),
        };
      case 2:
        return this.#below(6) === 0
          ? { text: "(unreachable)", count: 1, isDead: true }
          : { text: "(nop)", count: 0 };
      case 3:
        return this.#grow();
      case 4:
      case 5: {
        const value = this.#i64(2);
        return { text: `(global.set $h ${value.text})`, count: value.count + 1 };
      }
      default:
        return { text: "(drop (memory.size))", count: 2 };
    }
  }

  #orReturn(labels: readonly string[]): Partial<Piece> {
    return labels.length > 0 ? {} : { text: "(return (i64.const 7))", count: 2 };
  }

  #grow(): Piece {
    const pages = this.#below(3);
    const paid = this.#counts
      ? `(global.set $count (i64.add (global.get $count) (i64.const ${pages * 4096})))`
      : "";
    return { text: `${paid}(drop (memory.grow (i32.const ${pages})))`, count: 3 };
  }

  #if(depth: number, labels: readonly string[]): Piece {
    const condition = this.#i32(2);
    const then = this.#sequence(depth - 1, labels);
    const otherwise = this.#below(2) === 0 ? `(else ${this.#sequence(depth - 1, labels)})` : "";
    return {
      text: `(if ${condition.text} (then ${then}) ${otherwise})`,
      count: condition.count + 1,
    };
  }

  #label(): string {
    return `$label${this.#labels++}`;
  }

  #block(depth: number, labels: readonly string[]): Piece {
    const label = this.#label();
    return { text: `(block ${label} ${this.#sequence(depth - 1, [label, ...labels])})`, count: 1 };
  }

  /** Runs a few times; leaves only forward or by its own counter. */
  #loop(depth: number, labels: readonly string[]): Piece {
    const label = this.#label();
    const counter = `$l${this.#loopCounters++}`;
    const times = 1 + this.#below(6);
    const pieces = this.#statements(depth - 1, labels, 1 + this.#below(3));
    const again = {
      text: `(br_if ${label} (local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1))))`,
      count: 5,
    };
    const body = this.#seal([...pieces, again]);
    return {
      text: `(local.set ${counter} (i32.const ${times})) (loop ${label} ${body})`,
      count: 3,
    };
  }

  #branchTable(depth: number, labels: readonly string[]): Piece {
    const [inner, outer] = [this.#label(), this.#label()];
    const selector = this.#i32(2);
    const innermost = this.#seal([
      {
        text: `(br_table ${inner} ${outer} ${inner} ${selector.text})`,
        count: selector.count + 1,
        isDead: true,
      } as Piece,
    ]);
    const after = this.#statements(depth - 1, [outer, ...labels], 1 + this.#below(2));
    const middle = this.#seal([{ text: `(block ${inner} ${innermost})`, count: 1 }, ...after]);
    return { text: `(block ${outer} ${middle})`, count: 1 };
  }

  #i32(depth: number): Piece {
    const kind = this.#below(depth > 0 ? 12 : 4);
    if (kind < 2) return { text: `(local.get ${this.#pick(I32_LOCALS)})`, count: 1 };
    if (kind === 2) return { text: `(i32.const ${this.#below(100) - 50})`, count: 1 };
    if (kind === 3) return { text: "(global.get $g)", count: 1 };
    if (kind === 4) {
      const value = this.#i32(depth - 1);
      return { text: `(i32.${this.#pick(I32_UNARY)} ${value.text})`, count: value.count + 1 };
    }
    if (kind === 5) {
      const value = this.#i64(depth - 1);
      return { text: `(i32.wrap_i64 ${value.text})`, count: value.count + 1 };
    }
    if (kind === 6) {
      const address = this.#address();
      const op = this.#pick(["i32.load", "i32.load8_s", "i32.load16_u"]);
      return { text: `(${op} ${address.text})`, count: address.count + 1 };
    }
    if (kind === 7 && this.#below(4) === 0) return this.#division(depth);
    const [left, right] = [this.#i32(depth - 1), this.#i32(depth - 1)];
    return {
      text: `(i32.${this.#pick(I32_OPS)} ${left.text} ${right.text})`,
      count: left.count + right.count + 1,
    };
  }

  #division(depth: number): Piece {
    const [left, right] = [this.#i32(depth - 1), this.#i32(depth - 1)];
    const safe = this.#below(8) > 0;
    const op = this.#pick(["div_s", "div_u", "rem_s", "rem_u"]);
    return safe
      ? {
          text: `(i32.${op} ${left.text} (i32.or (i32.and ${right.text} (i32.const 255)) (i32.const 1)))`,
          count: left.count + right.count + 5,
        }
      : {
          text: `(i32.${op} ${left.text} ${right.text})`,
          count: left.count + right.count + 1,
        };
  }

  #i64(depth: number): Piece {
    const kind = this.#below(depth > 0 ? 11 : 3);
    if (kind === 0) return { text: `(local.get ${this.#pick(I64_LOCALS)})`, count: 1 };
    if (kind === 1) return { text: `(i64.const ${this.#below(1000) - 500})`, count: 1 };
    if (kind === 2) return { text: "(global.get $h)", count: 1 };
    if (kind === 3) {
      const value = this.#i32(depth - 1);
      const op = this.#pick(["extend_i32_s", "extend_i32_u"]);
      return { text: `(i64.${op} ${value.text})`, count: value.count + 1 };
    }
    if (kind === 4) {
      const address = this.#address();
      const op = this.#pick(["i64.load", "i64.load8_u", "i64.load32_s"]);
      return { text: `(${op} ${address.text})`, count: address.count + 1 };
    }
    if (kind === 5 && this.#functionIndex < FUNCTIONS - 1) return this.#call(depth);
    if (kind === 6) {
      const [first, second] = [this.#i64(depth - 1), this.#i64(depth - 1)];
      const condition = this.#i32(depth - 1);
      return {
        text: `(select ${first.text} ${second.text} ${condition.text})`,
        count: first.count + second.count + condition.count + 1,
      };
    }
    if (kind === 7) return this.#ifValue(depth);
    const [left, right] = [this.#i64(depth - 1), this.#i64(depth - 1)];
    return {
      text: `(i64.${this.#pick(I64_OPS)} ${left.text} ${right.text})`,
      count: left.count + right.count + 1,
    };
  }

  #ifValue(depth: number): Piece {
    const condition = this.#i32(depth - 1);
    const then = this.#seal([this.#i64(depth - 1)]);
    const otherwise = this.#seal([this.#i64(depth - 1)]);
    return {
      text: `(if (result i64) ${condition.text} (then ${then}) (else ${otherwise}))`,
      count: condition.count + 1,
    };
  }

  /** Later functions only, so that every program ends; sometimes through the table. */
  #call(depth: number): Piece {
    const first = this.#i32(depth - 1);
    const second = this.#i64(depth - 1);
    const count = first.count + second.count + 1;
    if (this.#below(3) === 0) {
      const entry = this.#below(30) === 0 ? 2 : this.#below(2);
      return {
        text: `(call_indirect (type $leaf) ${first.text} ${second.text} (i32.const ${entry}))`,
        count: count + 1,
      };
    }
    const callee = this.#functionIndex + 1 + this.#below(FUNCTIONS - 1 - this.#functionIndex);
    return { text: `(call $f${callee} ${first.text} ${second.text})`, count };
  }
}
