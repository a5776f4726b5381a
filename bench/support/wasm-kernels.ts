/** Small programs for the contract engine's benchmark, in WebAssembly text. */

/** A chain of dependent multiplications: nothing else can hide what metering costs. */
const LOOP = `
  (func $loop (param $times i32) (result i32) (local $x i64)
    (local.set $x (i64.const 88172645463325252))
    (loop $again
      (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 6364136223846793005))
                             (i64.const 1442695040888963407)))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (i32.wrap_i64 (local.get $x)))`;

/** Fills an array with a generator's numbers and sorts it by heap sort. */
const SORT = `
  (func $sift (param $start i32) (param $end i32)
    (local $root i32) (local $child i32) (local $a i32) (local $b i32)
    (local.set $root (local.get $start))
    (block $done (loop $down
      (local.set $child (i32.add (i32.shl (local.get $root) (i32.const 1)) (i32.const 1)))
      (br_if $done (i32.ge_u (local.get $child) (local.get $end)))
      (local.set $a (i32.load offset=1024 (i32.shl (local.get $child) (i32.const 2))))
      (if (i32.lt_u (i32.add (local.get $child) (i32.const 1)) (local.get $end))
        (then
          (local.set $b (i32.load offset=1028 (i32.shl (local.get $child) (i32.const 2))))
          (if (i32.lt_u (local.get $a) (local.get $b))
            (then
              (local.set $child (i32.add (local.get $child) (i32.const 1)))
              (local.set $a (local.get $b))))))
      (local.set $b (i32.load offset=1024 (i32.shl (local.get $root) (i32.const 2))))
      (br_if $done (i32.ge_u (local.get $b) (local.get $a)))
      (i32.store offset=1024 (i32.shl (local.get $root) (i32.const 2)) (local.get $a))
      (i32.store offset=1024 (i32.shl (local.get $child) (i32.const 2)) (local.get $b))
      (local.set $root (local.get $child))
      (br $down))))
  (func $sort (param $count i32) (result i32) (local $at i32) (local $x i32) (local $swap i32)
    (local.set $x (i32.const 2463534242))
    (loop $fill
      (local.set $x (i32.xor (local.get $x) (i32.shl (local.get $x) (i32.const 13))))
      (local.set $x (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 17))))
      (local.set $x (i32.xor (local.get $x) (i32.shl (local.get $x) (i32.const 5))))
      (i32.store offset=1024 (i32.shl (local.get $at) (i32.const 2)) (local.get $x))
      (br_if $fill (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1)))
                             (local.get $count))))
    (local.set $at (i32.shr_u (local.get $count) (i32.const 1)))
    (loop $heap
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (call $sift (local.get $at) (local.get $count))
      (br_if $heap (local.get $at)))
    (loop $take
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (local.set $swap (i32.load offset=1024 (i32.const 0)))
      (i32.store offset=1024 (i32.const 0)
        (i32.load offset=1024 (i32.shl (local.get $count) (i32.const 2))))
      (i32.store offset=1024 (i32.shl (local.get $count) (i32.const 2)) (local.get $swap))
      (call $sift (i32.const 0) (local.get $count))
      (br_if $take (i32.gt_u (local.get $count) (i32.const 1))))
    (i32.load offset=1024 (i32.const 0)))`;

const rotate = (value: string, bits: number): string =>
  `(i32.rotr (local.get ${value}) (i32.const ${bits}))`;
const xor = (first: string, second: string): string => `(i32.xor ${first} ${second})`;
const add = (first: string, second: string): string => `(i32.add ${first} ${second})`;

/** Compresses one block again and again; round constants at 256, schedule at 512. */
const SHA256 = `
  (func $compress
    (local $i i32) (local $w i32) (local $t i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local $e i32) (local $f i32) (local $g i32) (local $h i32)
    (local.set $i (i32.const 64))
    (loop $schedule
      (local.set $w (i32.load offset=504 (local.get $i)))
      (local.set $t (i32.load offset=452 (local.get $i)))
      (i32.store offset=512 (local.get $i)
        ${add(
          add(
            "(i32.load offset=448 (local.get $i))",
            xor(xor(rotate("$t", 7), rotate("$t", 18)), "(i32.shr_u (local.get $t) (i32.const 3))"),
          ),
          add(
            "(i32.load offset=484 (local.get $i))",
            xor(
              xor(rotate("$w", 17), rotate("$w", 19)),
              "(i32.shr_u (local.get $w) (i32.const 10))",
            ),
          ),
        )})
      (br_if $schedule (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4)))
                                 (i32.const 256))))
    ${[..."abcdefgh"].map((name, at) => `(local.set $${name} (i32.load (i32.const ${at * 4})))`).join("")}
    (local.set $i (i32.const 0))
    (loop $round
      (local.set $t ${add(
        add("(local.get $h)", xor(xor(rotate("$e", 6), rotate("$e", 11)), rotate("$e", 25))),
        add(
          "(i32.xor (local.get $g) (i32.and (local.get $e) (i32.xor (local.get $f) (local.get $g))))",
          add("(i32.load offset=256 (local.get $i))", "(i32.load offset=512 (local.get $i))"),
        ),
      )})
      (local.set $w ${add(
        xor(xor(rotate("$a", 2), rotate("$a", 13)), rotate("$a", 22)),
        "(i32.xor (i32.and (local.get $a) (i32.xor (local.get $b) (local.get $c))) (i32.and (local.get $b) (local.get $c)))",
      )})
      (local.set $h (local.get $g)) (local.set $g (local.get $f)) (local.set $f (local.get $e))
      (local.set $e (i32.add (local.get $d) (local.get $t)))
      (local.set $d (local.get $c)) (local.set $c (local.get $b)) (local.set $b (local.get $a))
      (local.set $a (i32.add (local.get $t) (local.get $w)))
      (br_if $round (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4)))
                              (i32.const 256))))
    ${[..."abcdefgh"]
      .map(
        (name, at) =>
          `(i32.store (i32.const ${at * 4}) (i32.add (i32.load (i32.const ${at * 4})) (local.get $${name})))`,
      )
      .join("")})
  (func $sha256 (param $times i32) (result i32)
    (loop $again
      (call $compress)
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (i32.load (i32.const 0)))
  (data (i32.const 256) "${roundConstants()}")
  (data (i32.const 512) "abc\\80")`;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
function roundConstants(): string {
  let text = "";
  for (let candidate = 2, found = 0; found < 64; candidate++) {
    if (!isPrime(candidate)) continue;
    found++;
    const scaled = cubeRoot(BigInt(candidate) << 96n) & 0xffffffffn;
    for (let byte = 0n; byte < 4n; byte++) {
      text += `\\${((scaled >> (8n * byte)) & 0xffn).toString(16).padStart(2, "0")}`;
    }
  }
  return text;
}

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) {
    if (value % factor === 0) return false;
  }
  return true;
}

function cubeRoot(value: bigint): bigint {
  let root = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** 3n <= value) root += bit;
  }
  return root;
}

/** A contract whose `sudo` runs kernel `env` for `msg` units, both plain numbers, not regions. */
export const KERNELS = `(module
  (memory (export "memory") 8)
  (func (export "interface_version_8"))
  (func (export "deallocate") (param i32))
  (func (export "allocate") (param i32) (result i32) (local.get 0))
  (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 0))
  ${LOOP} ${SORT} ${SHA256}
  (func (export "sudo") (param $kernel i32) (param $units i32) (result i32)
    (if (i32.eqz (local.get $kernel)) (then (return (call $loop (local.get $units)))))
    (if (i32.eq (local.get $kernel) (i32.const 1)) (then (return (call $sort (local.get $units)))))
    (call $sha256 (local.get $units))))`;
