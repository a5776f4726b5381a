//! `wasmer` as CosmWasm configures it: singlepass, and its metering middleware.

use crate::Run;
use std::sync::Arc;
use wasmer::sys::{CompilerConfig, EngineBuilder};
use wasmer::{imports, wasmparser::Operator, Instance, Module, Store, TypedFunction};
use wasmer_compiler_singlepass::Singlepass;
use wasmer_middlewares::{metering::set_remaining_points, Metering};

pub fn load(wasm: &[u8]) -> Run {
    let mut compiler = Singlepass::default();
    let cost = |_: &Operator| -> u64 { 2 };
    compiler.push_middleware(Arc::new(Metering::new(u64::MAX, cost)));
    let mut store = Store::new(EngineBuilder::new(compiler));
    let module = Module::new(&store, wasm).expect("wasmer takes the module");
    let instance =
        Instance::new(&mut store, &module, &imports! {}).expect("the module instantiates");
    let sudo: TypedFunction<(i32, i32), i32> = instance
        .exports
        .get_typed_function(&store, "sudo")
        .expect("the module exports sudo");
    Box::new(move |kernel, units| {
        set_remaining_points(&mut store, &instance, u64::MAX);
        sudo.call(&mut store, kernel, units).expect("sudo returns")
    })
}

/// wasmer 5 takes the address of this symbol, which Rust's standard library no longer has since
/// the compiler probes stacks inline. Only code of other wasmer compilers would call it.
#[no_mangle]
pub extern "C" fn __rust_probestack() {}
