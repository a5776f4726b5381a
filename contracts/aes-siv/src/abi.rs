use core::mem::MaybeUninit;
use core::ptr::{addr_of, addr_of_mut};

use crate::cbc::{xor, BLOCK_BYTES};
use crate::siv::{Key, Layout, ITEMS_MAX, KEY_BYTES, MESSAGES_MAX};

const KEYS_MAX: usize = 16;
/// The longest item or text, in whole blocks.
const PIECE_BYTES_MAX: usize = 2048;
const WORK_BYTES: usize =
    ITEMS_MAX * PIECE_BYTES_MAX + MESSAGES_MAX * (BLOCK_BYTES + PIECE_BYTES_MAX);
const LENGTHS_MAX: usize = ITEMS_MAX + 2 * MESSAGES_MAX;

static mut KEYS: [MaybeUninit<Key>; KEYS_MAX] = [const { MaybeUninit::uninit() }; KEYS_MAX];
static mut WORK: [u8; WORK_BYTES] = [0; WORK_BYTES];
static mut LENGTHS: [u32; LENGTHS_MAX] = [0; LENGTHS_MAX];

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// How many keys are kept, numbered from 0.
#[no_mangle]
pub extern "C" fn keys_max() -> usize {
    KEYS_MAX
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

/// Where the lengths of what lies there are: for each message how many items it has, theirs, and its
/// text's.
#[no_mangle]
pub extern "C" fn lengths() -> *mut u32 {
    addr_of_mut!(LENGTHS).cast()
}

#[no_mangle]
pub extern "C" fn piece_bytes_max() -> usize {
    PIECE_BYTES_MAX
}

#[no_mangle]
pub extern "C" fn items_max() -> usize {
    ITEMS_MAX
}

#[no_mangle]
pub extern "C" fn messages_max() -> usize {
    MESSAGES_MAX
}

/// Makes a key of the 32 bytes at the beginning of the working memory, in the place of another.
#[no_mangle]
pub extern "C" fn expand(key: usize) {
    let expanded = Key::new(memory().first_chunk::<KEY_BYTES>().unwrap());
    // SAFETY: one thread, and no reference to KEYS outlives a call.
    unsafe { (*addr_of_mut!(KEYS))[key].write(expanded) };
}

/// Puts the synthetic IV of each message in its place. @param key that was expanded.
#[no_mangle]
pub extern "C" fn authenticate(key: usize, messages: usize) {
    key_at(key).authenticate(memory(), &layout(messages));
}

/// The same, then encrypts the texts.
#[no_mangle]
pub extern "C" fn seal(key: usize, messages: usize) {
    let layout = layout(messages);
    key_at(key).authenticate(memory(), &layout);
    for message in layout.messages() {
        key_at(key).apply_stream(memory(), message);
    }
}

/// Decrypts one message. @returns 1 if its synthetic IV is what S2V makes of its text, else 0.
#[no_mangle]
pub extern "C" fn open(key: usize) -> u32 {
    let layout = layout(1);
    let message = &layout.messages()[0];
    let mut difference = *message.iv(memory());
    key_at(key).apply_stream(memory(), message);
    key_at(key).authenticate(memory(), &layout);
    xor(&mut difference, message.iv(memory()));
    u32::from(u128::from_ne_bytes(difference) == 0)
}

fn layout(messages: usize) -> Layout {
    // SAFETY: one thread, and the reference does not outlive this function.
    Layout::new(messages, unsafe { &*addr_of!(LENGTHS) })
}

fn key_at(key: usize) -> &'static Key {
    // SAFETY: one thread, written by no call that reads it; schedules are words, of which every value is one.
    unsafe { (*addr_of!(KEYS))[key].assume_init_ref() }
}

fn memory() -> &'static mut [u8; WORK_BYTES] {
    // SAFETY: one thread, and no two of its references are in use at once.
    unsafe { &mut *addr_of_mut!(WORK) }
}
