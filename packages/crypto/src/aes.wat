;; AES-128 encryption (FIPS 197) of many blocks at a call, for `aes.ts`, which fills the tables.
;; A block is four little-endian words, so that byte 0 of a column is the lowest of its word.
;;
;; Memory: from 0, four tables of 256 words: the S-box and MixColumns at once, rotated by 0 to 3
;; bytes; from 4096 the S-box; from 4352 one block of scratch; behind it what `aes.ts` lays there.
(module
  (memory (export "memory") 1 1)

  ;; One column of a round: SubBytes, ShiftRows and MixColumns of the four words it comes from.
  (func $column (param $a i32) (param $b i32) (param $c i32) (param $d i32) (result i32)
    (i32.xor
      (i32.xor
        (i32.load (i32.shl (i32.and (local.get $a) (i32.const 0xff)) (i32.const 2)))
        (i32.load offset=1024 (i32.and (i32.shr_u (local.get $b) (i32.const 6)) (i32.const 0x3fc))))
      (i32.xor
        (i32.load offset=2048 (i32.and (i32.shr_u (local.get $c) (i32.const 14)) (i32.const 0x3fc)))
        (i32.load offset=3072 (i32.and (i32.shr_u (local.get $d) (i32.const 22)) (i32.const 0x3fc))))))

  ;; The same of the last round, which mixes no columns.
  (func $last_column (param $a i32) (param $b i32) (param $c i32) (param $d i32) (result i32)
    (i32.or
      (i32.or
        (i32.load8_u offset=4096 (i32.and (local.get $a) (i32.const 0xff)))
        (i32.shl
          (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $b) (i32.const 8)) (i32.const 0xff)))
          (i32.const 8)))
      (i32.or
        (i32.shl
          (i32.load8_u offset=4096 (i32.and (i32.shr_u (local.get $c) (i32.const 16)) (i32.const 0xff)))
          (i32.const 16))
        (i32.shl
          (i32.load8_u offset=4096 (i32.shr_u (local.get $d) (i32.const 24)))
          (i32.const 24)))))

  ;; Encrypts the block at $at in place; $key points to the 44 words of the schedule.
  (func $encrypt (param $key i32) (param $at i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local $e i32) (local $f i32) (local $g i32) (local $ninth i32)
    (local.set $a (i32.xor (i32.load (local.get $at)) (i32.load (local.get $key))))
    (local.set $b (i32.xor (i32.load offset=4 (local.get $at)) (i32.load offset=4 (local.get $key))))
    (local.set $c (i32.xor (i32.load offset=8 (local.get $at)) (i32.load offset=8 (local.get $key))))
    (local.set $d (i32.xor (i32.load offset=12 (local.get $at)) (i32.load offset=12 (local.get $key))))
    (local.set $ninth (i32.add (local.get $key) (i32.const 144)))
    (loop $round
      (local.set $key (i32.add (local.get $key) (i32.const 16)))
      (local.set $e (i32.xor (i32.load (local.get $key))
        (call $column (local.get $a) (local.get $b) (local.get $c) (local.get $d))))
      (local.set $f (i32.xor (i32.load offset=4 (local.get $key))
        (call $column (local.get $b) (local.get $c) (local.get $d) (local.get $a))))
      (local.set $g (i32.xor (i32.load offset=8 (local.get $key))
        (call $column (local.get $c) (local.get $d) (local.get $a) (local.get $b))))
      (local.set $d (i32.xor (i32.load offset=12 (local.get $key))
        (call $column (local.get $d) (local.get $a) (local.get $b) (local.get $c))))
      (local.set $a (local.get $e))
      (local.set $b (local.get $f))
      (local.set $c (local.get $g))
      (br_if $round (i32.lt_u (local.get $key) (local.get $ninth))))
    (i32.store (local.get $at) (i32.xor (i32.load offset=16 (local.get $key))
      (call $last_column (local.get $a) (local.get $b) (local.get $c) (local.get $d))))
    (i32.store offset=4 (local.get $at) (i32.xor (i32.load offset=20 (local.get $key))
      (call $last_column (local.get $b) (local.get $c) (local.get $d) (local.get $a))))
    (i32.store offset=8 (local.get $at) (i32.xor (i32.load offset=24 (local.get $key))
      (call $last_column (local.get $c) (local.get $d) (local.get $a) (local.get $b))))
    (i32.store offset=12 (local.get $at) (i32.xor (i32.load offset=28 (local.get $key))
      (call $last_column (local.get $d) (local.get $a) (local.get $b) (local.get $c)))))

  ;; Makes of the 16 bytes at $key the schedule of 176 (section 5.2), in place. RotWord and SubWord
  ;; of a word are the last column of it four times, rotated.
  (func (export "expand") (param $key i32)
    (local $word i32) (local $constant i32) (local $end i32)
    (local.set $word (i32.load offset=12 (local.get $key)))
    (local.set $constant (i32.const 1))
    (local.set $end (i32.add (local.get $key) (i32.const 160)))
    (loop $next
      (local.set $word (i32.rotr (local.get $word) (i32.const 8)))
      (local.set $word
        (call $last_column (local.get $word) (local.get $word) (local.get $word) (local.get $word)))
      (local.set $word (i32.xor (i32.xor (local.get $word) (local.get $constant)) (i32.load (local.get $key))))
      (i32.store offset=16 (local.get $key) (local.get $word))
      (local.set $word (i32.xor (local.get $word) (i32.load offset=4 (local.get $key))))
      (i32.store offset=20 (local.get $key) (local.get $word))
      (local.set $word (i32.xor (local.get $word) (i32.load offset=8 (local.get $key))))
      (i32.store offset=24 (local.get $key) (local.get $word))
      (local.set $word (i32.xor (local.get $word) (i32.load offset=12 (local.get $key))))
      (i32.store offset=28 (local.get $key) (local.get $word))
      (local.set $constant (i32.xor (i32.shl (local.get $constant) (i32.const 1))
        (i32.mul (i32.shr_u (local.get $constant) (i32.const 7)) (i32.const 0x11b))))
      (local.set $key (i32.add (local.get $key) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $key) (local.get $end)))))

  ;; Xors the block at $from into the one at $at.
  (func $xor (param $at i32) (param $from i32)
    (i64.store (local.get $at)
      (i64.xor (i64.load (local.get $at)) (i64.load (local.get $from))))
    (i64.store offset=8 (local.get $at)
      (i64.xor (i64.load offset=8 (local.get $at)) (i64.load offset=8 (local.get $from)))))

  ;; CBC with a zero vector over [$at, $end), at least one block, in place: the last block is the MAC.
  (func (export "chain") (param $key i32) (param $at i32) (param $end i32)
    (call $encrypt (local.get $key) (local.get $at))
    (block $done
      (loop $next
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (call $xor (local.get $at) (i32.sub (local.get $at) (i32.const 16)))
        (call $encrypt (local.get $key) (local.get $at))
        (br $next))))

  ;; Xors [$at, $end) with the key stream of the counter whose first three words are $c0 to $c2 as
  ;; in memory and whose fourth is the number $c3.
  (func (export "stream") (param $key i32) (param $at i32) (param $end i32)
    (param $c0 i32) (param $c1 i32) (param $c2 i32) (param $c3 i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (i32.store offset=4352 (i32.const 0) (local.get $c0))
        (i32.store offset=4356 (i32.const 0) (local.get $c1))
        (i32.store offset=4360 (i32.const 0) (local.get $c2))
        (i32.store offset=4364 (i32.const 0)
          (i32.or
            (i32.and (i32.rotl (local.get $c3) (i32.const 8)) (i32.const 0x00ff00ff))
            (i32.and (i32.rotr (local.get $c3) (i32.const 8)) (i32.const 0xff00ff00))))
        (call $encrypt (local.get $key) (i32.const 4352))
        (call $xor (local.get $at) (i32.const 4352))
        (local.set $c3 (i32.add (local.get $c3) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))))
