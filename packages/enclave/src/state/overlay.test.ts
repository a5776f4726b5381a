import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BRANCHES_MAX } from "../limits.ts";
import { type Known, Overlay } from "./overlay.ts";

const unbalanced = expect.objectContaining({ code: "enclave/unbalanced" });

/** The same stack as whole copies of the state. */
class Model {
  #stack: Map<string, Known>[] = [new Map()];
  branch(): void {
    this.#stack.push(new Map(this.#stack.at(-1)));
  }
  commit(): void {
    const top = this.#stack.pop()!;
    this.#stack[this.#stack.length - 1] = top;
  }
  revert(): void {
    this.#stack.pop();
  }
  get depth(): number {
    return this.#stack.length;
  }
  get state(): Map<string, Known> {
    return this.#stack.at(-1)!;
  }
}

type Step =
  | { readonly kind: "branch" | "commit" | "revert" }
  | { readonly kind: "set"; readonly key: string; readonly value: number | null };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("branch" as const, "commit" as const, "revert" as const) }),
  fc.record({
    kind: fc.constant("set" as const),
    key: fc.constantFrom("a", "b", "c"),
    value: fc.option(fc.nat(255)),
  }),
);

describe("the overlay", () => {
  it("is at every step what whole copies of the state would be", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const overlay = new Overlay();
        const model = new Model();
        for (const each of steps) {
          if (each.kind === "set") {
            const value = each.value === null ? null : Uint8Array.of(each.value);
            overlay.set(each.key, value);
            model.state.set(each.key, value);
          } else if (each.kind === "branch" || model.depth > 1) {
            overlay[each.kind]();
            model[each.kind]();
          }
          for (const key of ["a", "b", "c"]) expect(overlay.get(key)).toEqual(model.state.get(key));
        }
      }),
    );
  });

  it("refuses to close what is not open, to end with open branches, and to branch without end", () => {
    const overlay = new Overlay();
    expect(() => overlay.commit()).toThrow(unbalanced);
    expect(() => overlay.revert()).toThrow(unbalanced);
    overlay.branch();
    expect(() => overlay.finish()).toThrow(unbalanced);
    expect(() => {
      for (let i = 0; i <= BRANCHES_MAX; i++) overlay.branch();
    }).toThrow(unbalanced);
  });

  it("hands out each token as often as it was granted, over branches", () => {
    const overlay = new Overlay();
    overlay.grant("t", Uint8Array.of(1));
    overlay.branch();
    overlay.grant("t", Uint8Array.of(1));
    expect(overlay.use("t")).toEqual(Uint8Array.of(1));
    expect(overlay.use("t")).toEqual(Uint8Array.of(1));
    expect(overlay.use("t")).toBeUndefined();
    overlay.revert();
    expect(overlay.use("t")).toEqual(Uint8Array.of(1));
    expect(overlay.use("t")).toBeUndefined();
  });
});
