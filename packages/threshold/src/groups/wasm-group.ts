/**
 * ristretto255 and Ed25519 computed by curve25519-dalek in WebAssembly (`contracts/ristretto`):
 * constant-time code where scalars are secret, and the only backend with a fast sum of many
 * products.
 */
import { equalBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import { RISTRETTO_WASM } from "../generated/ristretto-wasm.ts";
import { ed25519Group } from "./edwards-group.ts";
import type { Group, Scalar } from "./group.ts";
import { ristretto255Group } from "./noble-group.ts";
import { expandForRistretto } from "./ristretto-hash.ts";
import { createScalarField, usefulProducts } from "./scalars.ts";

/** A point as the module lays it out; means something to that one module only. */
export class WasmPoint {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

const ELEMENT_BYTES = 32;
/** Points per call of the functions on lists: bounds the memory a call takes. */
const CHUNK = 16_384;

/** The part of the engine's interface that is used; the language's own types lack it. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    instantiate(
      bytes: ArrayBuffer,
      imports: object,
    ): Promise<{ readonly instance: { readonly exports: unknown } }>;
  };
};

/** What the module offers for one group. */
interface Calls {
  decode_all(count: number, input: number, output: number): number;
  encode_all(count: number, input: number, output: number): void;
  encode_doubles(count: number, input: number, output: number): void;
  add(left: number, right: number, output: number): void;
  subtract(left: number, right: number, output: number): void;
  equal(left: number, right: number): number;
  multiply(point: number, scalar: number, output: number): void;
  multiply_base(scalar: number, output: number): void;
  product_sum_secret(count: number, points: number, scalars: number, output: number): void;
  product_sum_public(count: number, points: number, scalars: number, output: number): void;
}

type CurveName = "ristretto" | "edwards";

type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer };
  arena(): number;
  begin(end: number): number;
  point_bytes(): number;
  ristretto_map_to_group(input: number, output: number): void;
} & { readonly [Name in keyof Calls as `${CurveName}_${Name}`]: Calls[Name] };

export async function loadWasmRistretto255(): Promise<Group<WasmPoint>> {
  const machine = await loadMachine();
  return createGroup(machine, "ristretto", {
    standard: ristretto255Group,
    hashToGroup: (message, dst) =>
      machine.point([[expandForRistretto(message, dst)]], (output, at) =>
        machine.exports.ristretto_map_to_group(at, output),
      ),
  });
}

/** The prime-order subgroup, in RFC 8032's encoding. */
export async function loadWasmEd25519(): Promise<Group<WasmPoint>> {
  const group: Group<WasmPoint> = createGroup(await loadMachine(), "edwards", {
    standard: ed25519Group,
    // dalek has no map of RFC 9380.
    hashToGroup: (message, dst) =>
      group.decode(ed25519Group.encode(ed25519Group.hashToGroup(message, dst))),
  });
  return group;
}

/** Unpacks, compiles and starts the module. */
async function loadMachine(): Promise<Machine> {
  const packed = Uint8Array.from(atob(RISTRETTO_WASM), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = await new Response(stream).arrayBuffer();
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return new Machine(instance.exports as Exports);
}

/** The module with its memory: arguments in, results out, nothing kept between calls. */
class Machine {
  readonly exports: Exports;
  readonly #pointBytes: number;
  readonly #start: number;
  #memory: Uint8Array;

  constructor(exports: Exports) {
    this.exports = exports;
    this.#pointBytes = exports.point_bytes();
    this.#start = exports.arena();
    this.#memory = new Uint8Array(exports.memory.buffer);
  }

  /** The functions of one group. */
  callsOf(curve: CurveName): Calls {
    const { exports } = this;
    return {
      decode_all: exports[`${curve}_decode_all`],
      encode_all: exports[`${curve}_encode_all`],
      encode_doubles: exports[`${curve}_encode_doubles`],
      add: exports[`${curve}_add`],
      subtract: exports[`${curve}_subtract`],
      equal: exports[`${curve}_equal`],
      multiply: exports[`${curve}_multiply`],
      multiply_base: exports[`${curve}_multiply_base`],
      product_sum_secret: exports[`${curve}_product_sum_secret`],
      product_sum_public: exports[`${curve}_product_sum_public`],
    };
  }

  /** A call whose output is a point. */
  point(
    inputs: readonly (readonly Uint8Array[])[],
    call: (output: number, ...inputs: number[]) => void,
  ): WasmPoint {
    return new WasmPoint(this.run(inputs, this.#pointBytes, call));
  }

  /**
   * Puts arguments one behind the other, calls with their addresses and that of the output.
   * Secrets stay in the memory until the next call overwrites them.
   */
  run(
    inputs: readonly (readonly Uint8Array[])[],
    outputBytes: number,
    call: (output: number, ...inputs: number[]) => void,
  ): Uint8Array {
    const sizes = inputs.map((input) => input.reduce((sum, part) => sum + part.length, 0));
    const output = sizes.reduce((sum, size) => sum + size, this.#start);
    if (this.exports.begin(output + outputBytes) === 0) {
      throw new ThresholdError({ code: "threshold/memory" });
    }
    this.#refresh();
    let offset = this.#start;
    const addresses = inputs.map((input) => {
      const address = offset;
      for (const part of input) {
        this.#memory.set(part, offset);
        offset += part.length;
      }
      return address;
    });
    call(output, ...addresses);
    this.#refresh();
    return this.#memory.slice(output, output + outputBytes);
  }

  /** A grown memory has a new buffer. */
  #refresh(): void {
    if (this.#memory.buffer !== this.exports.memory.buffer) {
      this.#memory = new Uint8Array(this.exports.memory.buffer);
    }
  }
}

interface Particulars {
  /** The same group by noble. */
  readonly standard: Pick<Group<unknown>, "name" | "order">;
  readonly hashToGroup: Group<WasmPoint>["hashToGroup"];
}

function createGroup(
  machine: Machine,
  curve: CurveName,
  { standard, hashToGroup }: Particulars,
): Group<WasmPoint> {
  const calls = machine.callsOf(curve);
  const point: Machine["point"] = (inputs, call) => machine.point(inputs, call);
  const field = createScalarField(standard.order, true);
  const multiplyBase = (scalar: Scalar): WasmPoint =>
    point([[field.encodeScalar(scalar)]], (output, at) => calls.multiply_base(at, output));
  const identity = multiplyBase(0n);
  const encodedIdentity = machine.run([[identity.bytes]], ELEMENT_BYTES, (output, at) =>
    calls.encode_all(1, at as number, output),
  );
  const assertNotIdentity = (encoding: Uint8Array): Uint8Array => {
    if (!equalBytes(encoding, encodedIdentity)) return encoding;
    throw new ThresholdError({ code: "threshold/identity" });
  };
  const subtract = (left: WasmPoint, right: WasmPoint): WasmPoint =>
    point([[left.bytes], [right.bytes]], (output, a, b) => calls.subtract(a, b, output));
  const equal = (left: WasmPoint, right: WasmPoint): boolean => {
    let result = false;
    machine.run([[left.bytes], [right.bytes]], 0, (_, a, b) => {
      result = calls.equal(a as number, b as number) === 1;
    });
    return result;
  };
  const isIdentity = (value: WasmPoint): boolean => equal(value, identity);
  const multiply = (value: WasmPoint, scalar: Scalar): WasmPoint =>
    point([[value.bytes], [field.encodeScalar(scalar)]], (output, a, b) =>
      calls.multiply(a, b, output),
    );
  const products = (
    points: readonly WasmPoint[],
    scalars: readonly Scalar[],
    call: Calls["product_sum_public"],
  ): WasmPoint =>
    point(
      [points.map(({ bytes }) => bytes), scalars.map((scalar) => field.encodeScalar(scalar))],
      (output, a, b) => call(points.length, a, b, output),
    );
  const encodeWith = (points: readonly WasmPoint[], call: Calls["encode_all"]): Uint8Array[] =>
    chunks(points).flatMap((chunk) => {
      const inputs = [chunk.map(({ bytes }) => bytes)];
      const all = machine.run(inputs, chunk.length * ELEMENT_BYTES, (output, at) =>
        call(chunk.length, at, output),
      );
      return chunk.map((_, i) =>
        assertNotIdentity(all.slice(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES)),
      );
    });
  return {
    ...field,
    name: standard.name,
    backend: "wasm",
    elementBytes: ELEMENT_BYTES,
    generator: multiplyBase(1n),
    identity,
    add: (left, right) =>
      point([[left.bytes], [right.bytes]], (output, a, b) => calls.add(a, b, output)),
    subtract,
    negate: (value) => subtract(identity, value),
    equal,
    isIdentity,
    multiplyPublic: multiply,
    multiplySecret: multiply,
    multiplyBase,
    sumOfProducts(points, scalars) {
      const used = usefulProducts(points, scalars, () => false);
      return used.points.length === 0
        ? identity
        : products(used.points, used.scalars, calls.product_sum_public);
    },
    sumOfSecretProducts: (points, scalars) => products(points, scalars, calls.product_sum_secret),
    encode: (value) => encodeWith([value], calls.encode_all)[0] as Uint8Array,
    encodeAll: (points) => encodeWith(points, calls.encode_all),
    encodeDoubles: (points) => encodeWith(points, calls.encode_doubles),
    decode(bytes) {
      assertLength(bytes, ELEMENT_BYTES, "element");
      let decoded = 0;
      const value = point([[bytes]], (output, at) => {
        decoded = calls.decode_all(1, at as number, output);
      });
      if (decoded !== 1) throw new ThresholdError({ code: "threshold/element" });
      assertNotIdentity(bytes);
      return value;
    },
    hashToGroup,
  };
}

function chunks<Item>(items: readonly Item[]): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) =>
    items.slice(i * CHUNK, (i + 1) * CHUNK),
  );
}
