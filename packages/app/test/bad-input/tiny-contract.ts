/** A valid contract of a few hundred bytes, written by hand, with one of everything contracts have. */
import wabt from "wabt";

const OK = '{"Ok":{"messages":[],"attributes":[],"events":[],"data":null}}';
const ANSWER = '{"Ok":"e30="}';
const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;

const text = `(module
  (type $binary (func (param i32 i32) (result i32)))
  (import "env" "db_read" (func $read (param i32) (result i32)))
  (import "env" "db_write" (func $write (param i32 i32)))
  (memory (export "memory") 17)
  (table 2 funcref)
  (elem (i32.const 0) $sum $product)
  (global $next (mut i32) (i32.const 65536))
  (data (i32.const 1024) ${quoted(OK)})
  (data (i32.const 2048) ${quoted(ANSWER)})
  (data (i32.const 3072) "name")
  (data (i32.const 4096) "\\00\\04\\00\\00\\${hex(OK.length)}\\00\\00\\00\\${hex(OK.length)}\\00\\00\\00")
  (data (i32.const 4112) "\\00\\08\\00\\00\\${hex(ANSWER.length)}\\00\\00\\00\\${hex(ANSWER.length)}\\00\\00\\00")
  (data (i32.const 4128) "\\00\\0c\\00\\00\\04\\00\\00\\00\\04\\00\\00\\00")
  (func $sum (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $product (type $binary) (i32.mul (local.get 0) (local.get 1)))
  (func (export "interface_version_8"))
  (func (export "allocate") (param $size i32) (result i32)
    (local $region i32)
    (local.set $region (global.get $next))
    (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
    (i32.store offset=4 (local.get $region) (local.get $size))
    (i32.store offset=8 (local.get $region) (i32.const 0))
    (global.set $next (i32.add (local.get $region) (i32.add (local.get $size) (i32.const 16))))
    (local.get $region))
  (func (export "deallocate") (param i32))
  (func (export "instantiate") (param i32 i32 i32) (result i32)
    (local $rounds i32) (local $sum i64)
    (call $write (i32.const 4128) (i32.const 4128))
    (local.set $rounds (i32.const 10))
    (block $done
      (loop $again
        (br_if $done (i32.eqz (local.get $rounds)))
        (local.set $sum (i64.add (local.get $sum)
          (i64.extend_i32_u (call_indirect (type $binary)
            (local.get $rounds) (i32.const 3) (i32.and (local.get $rounds) (i32.const 1))))))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br $again)))
    (if (i64.eqz (local.get $sum)) (then unreachable))
    (i32.const 4096))
  (func (export "execute") (param i32 i32 i32) (result i32)
    (drop (call $read (i32.const 4128)))
    (drop (memory.grow (i32.const 1)))
    (i32.const 4096))
  (func (export "query") (param i32 i32) (result i32)
    (drop (call $read (i32.const 4128)))
    (i32.const 4112)))`;

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

export async function tinyContract(): Promise<Uint8Array> {
  const module = (await wabt()).parseWat("tiny.wat", text);
  return new Uint8Array(module.toBinary({}).buffer);
}
