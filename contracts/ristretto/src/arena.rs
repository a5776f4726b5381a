//! Memory that is forgotten all at once.

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering};

const PAGE_BYTES: usize = 65_536;

struct Arena {
    top: AtomicUsize,
}

#[global_allocator]
static ARENA: Arena = Arena { top: AtomicUsize::new(0) };

unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.top.load(Ordering::Relaxed).next_multiple_of(layout.align());
        let end = start + layout.size();
        if !reserve(end) {
            return core::ptr::null_mut();
        }
        self.top.store(end, Ordering::Relaxed);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

extern "C" {
    static __heap_base: u8;
}

/// Where the caller's arguments may begin.
#[no_mangle]
pub extern "C" fn arena() -> usize {
    let base = core::ptr::addr_of!(__heap_base) as usize;
    base.next_multiple_of(16)
}

/// Forgets what earlier calls allocated; makes sure that there is memory up to `end`.
/// Answers 0 if there is none.
#[no_mangle]
pub extern "C" fn begin(end: usize) -> u32 {
    ARENA.top.store(end.next_multiple_of(16), Ordering::Relaxed);
    u32::from(reserve(end))
}

fn reserve(end: usize) -> bool {
    let have = core::arch::wasm32::memory_size::<0>() * PAGE_BYTES;
    if end <= have {
        return true;
    }
    let pages = (end - have).div_ceil(PAGE_BYTES);
    core::arch::wasm32::memory_grow::<0>(pages) != usize::MAX
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
