/**
 * A contract, written by hand, that gives back what it gets: whoever sends a message chooses the
 * contract's raw output, well-formed or not. `execute` leaves out the first byte.
 */
import wabt from "wabt";

const text = `(module
  (memory (export "memory") 8)
  (global $next (mut i32) (i32.const 1024))
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
  (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))
  (func (export "query") (param i32 i32) (result i32) (local.get 1))
  (func (export "execute") (param i32 i32 i32) (result i32)
    (i32.store (local.get 2) (i32.add (i32.load (local.get 2)) (i32.const 1)))
    (i32.store offset=8 (local.get 2) (i32.sub (i32.load offset=8 (local.get 2)) (i32.const 1)))
    (local.get 2)))`;

export async function echoContract(): Promise<Uint8Array> {
  const module = (await wabt()).parseWat("echo.wat", text);
  return new Uint8Array(module.toBinary({}).buffer);
}
