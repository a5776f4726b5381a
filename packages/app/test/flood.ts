/** A contract, written by hand, whose answer is one attribute of five million letters. */
import wabt from "wabt";

const lettersStart = 200_000;
const letters = 5_000_000;
const prefix = '{"Ok":{"messages":[],"attributes":[{"key":"k","value":"';
const suffix = '","encrypted":false}],"events":[],"data":null}}';

const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;

const text = `(module
  (memory (export "memory") 140)
  (global $next (mut i32) (i32.const 1000000))
  (data (i32.const ${lettersStart - prefix.length}) ${quoted(prefix)})
  (data (i32.const 1024) ${quoted(suffix)})
  (func (export "interface_version_8"))
  (func $allocate (export "allocate") (param $size i32) (result i32)
    (local $region i32)
    (local.set $region (global.get $next))
    (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
    (i32.store offset=4 (local.get $region) (local.get $size))
    (i32.store offset=8 (local.get $region) (i32.const 0))
    (global.set $next (i32.add (local.get $region) (i32.add (local.get $size) (i32.const 16))))
    (local.get $region))
  (func (export "deallocate") (param i32))
  (func (export "instantiate") (param i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.const ${lettersStart}))
    (loop $fill
      (i64.store (local.get $at) (i64.const 0x6161616161616161))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $fill (i32.lt_u (local.get $at) (i32.const ${lettersStart + letters}))))
    (call $copy (i32.const 1024) (local.get $at) (i32.const ${suffix.length}))
    (i32.store (i32.const 8) (i32.const ${lettersStart - prefix.length}))
    (i32.store (i32.const 12) (i32.const ${prefix.length + letters + suffix.length}))
    (i32.store (i32.const 16) (i32.const ${prefix.length + letters + suffix.length}))
    (i32.const 8))
  (func $copy (param $from i32) (param $to i32) (param $count i32)
    (loop $each
      (i32.store8 (local.get $to) (i32.load8_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $each (local.get $count)))))`;

export async function floodContract(): Promise<Uint8Array> {
  const module = (await wabt()).parseWat("flood.wat", text);
  return new Uint8Array(module.toBinary({}).buffer);
}
