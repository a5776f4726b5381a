use core::mem::{size_of, MaybeUninit};
use core::ptr::{addr_of, addr_of_mut};

use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

const BLOCK_BYTES: usize = 16;
const WORK_BYTES: usize = 8192;
/// How many blocks of a key stream are made at once.
const STREAM_BLOCKS: usize = 8;

#[repr(C)]
struct Keys {
    chain: MaybeUninit<Aes128Enc>,
    stream: MaybeUninit<Aes128Enc>,
}

static mut KEYS: Keys = Keys {
    chain: MaybeUninit::uninit(),
    stream: MaybeUninit::uninit(),
};
static mut WORK: [u8; WORK_BYTES] = [0; WORK_BYTES];

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// Where the two schedules lie, `keys_bytes()` together, aligned to four bytes.
#[no_mangle]
pub extern "C" fn keys() -> *mut u8 {
    addr_of_mut!(KEYS).cast()
}

#[no_mangle]
pub extern "C" fn keys_bytes() -> usize {
    size_of::<Keys>()
}

/// Where the working memory lies, `work_bytes()`.
#[no_mangle]
pub extern "C" fn work() -> *mut u8 {
    addr_of_mut!(WORK).cast()
}

#[no_mangle]
pub extern "C" fn work_bytes() -> usize {
    WORK_BYTES
}

/// Makes the schedules of the two keys of 16 bytes at the beginning of the working memory.
#[no_mangle]
pub extern "C" fn expand() {
    let (chain, stream) = work_to(2 * BLOCK_BYTES).split_at(BLOCK_BYTES);
    // SAFETY: one thread, and no reference to KEYS outlives a call.
    unsafe {
        addr_of_mut!(KEYS.chain).write(MaybeUninit::new(Aes128Enc::new(GenericArray::from_slice(
            chain,
        ))));
        addr_of_mut!(KEYS.stream).write(MaybeUninit::new(Aes128Enc::new(
            GenericArray::from_slice(stream),
        )));
    }
}

/// CBC with a zero vector over the first `end` bytes, in place.
#[no_mangle]
pub extern "C" fn chain(end: usize) {
    // SAFETY: as in `expand`; a schedule is words, of which every value is one.
    let cipher = unsafe { (*addr_of!(KEYS.chain)).assume_init_ref() };
    let mut state = [0; BLOCK_BYTES];
    for block in work_to(end).chunks_exact_mut(BLOCK_BYTES) {
        for (byte, input) in state.iter_mut().zip(block.iter()) {
            *byte ^= input;
        }
        cipher.encrypt_block(GenericArray::from_mut_slice(&mut state));
        block.copy_from_slice(&state);
    }
}

/// Xors the first `end` bytes with the key stream of a counter: three words as they stand in
/// memory, then a number that counts up modulo 2^32 and stands there with its highest byte first.
#[no_mangle]
pub extern "C" fn stream(end: usize, c0: u32, c1: u32, c2: u32, c3: u32) {
    // SAFETY: as in `chain`.
    let cipher = unsafe { (*addr_of!(KEYS.stream)).assume_init_ref() };
    let mut counter = c3;
    let mut pad = [Block::default(); STREAM_BLOCKS];
    for piece in work_to(end).chunks_mut(STREAM_BLOCKS * BLOCK_BYTES) {
        let pad = &mut pad[..piece.len() / BLOCK_BYTES];
        for block in pad.iter_mut() {
            block[0..4].copy_from_slice(&c0.to_le_bytes());
            block[4..8].copy_from_slice(&c1.to_le_bytes());
            block[8..12].copy_from_slice(&c2.to_le_bytes());
            block[12..16].copy_from_slice(&counter.to_be_bytes());
            counter = counter.wrapping_add(1);
        }
        cipher.encrypt_blocks(pad);
        for (bytes, block) in piece.chunks_exact_mut(BLOCK_BYTES).zip(pad.iter()) {
            for (byte, key) in bytes.iter_mut().zip(block.iter()) {
                *byte ^= key;
            }
        }
    }
}

fn work_to(end: usize) -> &'static mut [u8] {
    assert!(end <= WORK_BYTES && end % BLOCK_BYTES == 0);
    // SAFETY: one thread, and each export asks once.
    unsafe { &mut (&mut *addr_of_mut!(WORK))[..end] }
}
