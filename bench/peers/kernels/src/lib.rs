//! Three kernels in one contract: `sudo(kernel, units)` runs one and answers a number of which
//! all of its work is a part. `bench/peers/kernels.wasm` is this, built with Debian's rustc 1.96:
//!
//! `RUSTC_BOOTSTRAP=1 RUSTFLAGS="-C target-cpu=mvp -C link-arg=-s -C linker=lld -C linker-flavor=wasm-ld"
//! cargo build -Zbuild-std=core --release --target wasm32-unknown-unknown`
//!
//! With `--features message` it is `bench/peers/message.wasm`, which has one kernel of its own: where
//! SHA-256 has one caller the compiler makes other code of it than where several need it.
#![no_std]

use sha2::{Digest, Sha256};

#[cfg(not(feature = "message"))]
const ELEMENTS_MAX: usize = 32_768;
#[cfg(not(feature = "message"))]
static mut ELEMENTS: [u32; ELEMENTS_MAX] = [0; ELEMENTS_MAX];

#[cfg(feature = "message")]
const MESSAGE_BYTES: usize = 64;
#[cfg(feature = "message")]
static mut MESSAGE: [u8; MESSAGE_BYTES] = [7; MESSAGE_BYTES];

#[cfg(feature = "message")]
#[no_mangle]
pub extern "C" fn sudo(_kernel: u32, units: u32) -> u32 {
    hash_message(units)
}

#[cfg(not(feature = "message"))]
#[no_mangle]
pub extern "C" fn sudo(kernel: u32, units: u32) -> u32 {
    match kernel {
        0 => multiply(units),
        1 => sort(units),
        _ => hash(units),
    }
}

/// A chain of dependent multiplications.
#[cfg(not(feature = "message"))]
fn multiply(units: u32) -> u32 {
    let mut state = 88_172_645_463_325_252u64;
    for _ in 0..units {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    }
    state as u32
}

/// Sorts pseudo-random numbers with the standard library.
#[cfg(not(feature = "message"))]
fn sort(units: u32) -> u32 {
    // The module has one thread, and this is the only reference.
    let all = unsafe { &mut *core::ptr::addr_of_mut!(ELEMENTS) };
    let elements = &mut all[..units as usize];
    let mut state = 2_463_534_242u32;
    for element in elements.iter_mut() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        *element = state;
    }
    elements.sort_unstable();
    elements[elements.len() / 2]
}

/// Hashes 32 bytes, then the hash, and so on: one block each.
#[cfg(not(feature = "message"))]
fn hash(units: u32) -> u32 {
    let mut block = [7u8; 32];
    for _ in 0..units {
        block = Sha256::digest(block).into();
    }
    u32::from_le_bytes([block[0], block[1], block[2], block[3]])
}

/// Hashes a message of 64 bytes, which takes two blocks; the hash is half of the next message.
#[cfg(feature = "message")]
fn hash_message(units: u32) -> u32 {
    // The module has one thread, and this is the only reference.
    let message = unsafe { &mut *core::ptr::addr_of_mut!(MESSAGE) };
    for _ in 0..units {
        let hash: [u8; 32] = Sha256::digest(&message[..]).into();
        message[..32].copy_from_slice(&hash);
    }
    u32::from_le_bytes([message[0], message[1], message[2], message[3]])
}

/// What makes the module a contract; nothing here is ever called.
#[no_mangle]
pub extern "C" fn interface_version_8() {}
#[no_mangle]
pub extern "C" fn allocate(size: u32) -> u32 {
    size
}
#[no_mangle]
pub extern "C" fn deallocate(_region: u32) {}
#[no_mangle]
pub extern "C" fn instantiate(env: u32, _info: u32, _message: u32) -> u32 {
    env
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
