//! How bytes cross between a contract and its host: three numbers in the contract's memory.

use std::mem::forget;

#[repr(C)]
pub struct Region {
    pub offset: u32,
    pub capacity: u32,
    pub length: u32,
}

/// The host asks for memory to write an argument or an answer into.
#[no_mangle]
pub extern "C" fn allocate(size: u32) -> u32 {
    space(size)
}

/// The host never calls it, but the upload check wants it.
#[no_mangle]
pub extern "C" fn deallocate(pointer: u32) {
    drop(take(pointer));
}

/// An empty region of this capacity, owned by whoever gets the pointer.
pub fn space(capacity: u32) -> u32 {
    give_with_length(Vec::with_capacity(capacity as usize))
}

/// Hands bytes over; whoever gets the pointer owns them.
pub fn give(bytes: Vec<u8>) -> u32 {
    give_with_length(bytes)
}

fn give_with_length(bytes: Vec<u8>) -> u32 {
    let region = Box::new(Region {
        offset: bytes.as_ptr() as u32,
        capacity: bytes.capacity() as u32,
        length: bytes.len() as u32,
    });
    forget(bytes);
    Box::into_raw(region) as u32
}

/// Takes over a region that `allocate`, `space` or `give` made.
pub fn take(pointer: u32) -> Vec<u8> {
    let region = unsafe { Box::from_raw(pointer as *mut Region) };
    unsafe {
        Vec::from_raw_parts(
            region.offset as *mut u8,
            region.length as usize,
            region.capacity as usize,
        )
    }
}

/// The bytes of a region that stays where it is.
pub fn copy(pointer: u32) -> Vec<u8> {
    let region = unsafe { &*(pointer as *const Region) };
    unsafe { std::slice::from_raw_parts(region.offset as *const u8, region.length as usize) }
        .to_vec()
}

/// Bytes lent to an import for the time of its call.
pub struct Lent<'a> {
    region: Region,
    _bytes: &'a [u8],
}

impl<'a> Lent<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Lent {
            region: Region {
                offset: bytes.as_ptr() as u32,
                capacity: bytes.len() as u32,
                length: bytes.len() as u32,
            },
            _bytes: bytes,
        }
    }

    pub fn pointer(&self) -> u32 {
        &self.region as *const Region as u32
    }
}
