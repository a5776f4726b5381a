import { v1Contract } from "../../vm/test/contracts.ts";

const OK = '{"Ok":{"messages":[],"attributes":[],"events":[],"data":null}}';
const ANSWER = '{"Ok":"e30="}';

/**
 * A contract that signs, if its query is `{"slow":{}}`, until its gas is gone: a hundred
 * thousand signatures take longer than a test lets it. Everything else it answers at once.
 */
export function slowContract(): Uint8Array {
  const imports = `(import "env" "secp256k1_sign" (func $sign (param i32 i32) (result i64)))`;
  return v1Contract(
    `${region(64, OK)} ${region(192, ANSWER)} ${region(320, "k".repeat(32))}
    (func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 64))
    (func (export "execute") (param i32 i32 i32) (result i32) (i32.const 64))
    (func (export "query") (param i32) (param $message i32) (result i32)
      (if (i32.eq (i32.load8_u offset=2 (i32.load (local.get $message))) (i32.const ${code("s")}))
        (then
          (loop $again
            (drop (call $sign (i32.const 320) (i32.const 320)))
            (call $spin)
            (br $again))))
      (i32.const 192))
    (func $spin (local $round i32)
      (loop $again (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1)))
        (i32.const 1000)))))`,
    imports,
  );
}

/** A region at `pointer`, with its content behind it. */
function region(pointer: number, content: string): string {
  const words = new Uint32Array([pointer + 12, content.length, content.length]);
  const bytes = [...new Uint8Array(words.buffer), ...new TextEncoder().encode(content)];
  const text = bytes.map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
  return `(data (i32.const ${pointer}) "${text}")`;
}

function code(letter: string): number {
  return letter.charCodeAt(0);
}
