//! `wasmi`: an interpreter, unmetered here, which is to its advantage.

use crate::Run;
use wasmi::{ImportsBuilder, Module, ModuleInstance, NopExternals, RuntimeValue};

pub fn load(wasm: &[u8]) -> Run {
    let module = Module::from_buffer(wasm).expect("wasmi takes the module");
    let instance = ModuleInstance::new(&module, &ImportsBuilder::default())
        .expect("the module instantiates")
        .assert_no_start();
    Box::new(move |kernel, units| {
        let arguments = [RuntimeValue::I32(kernel), RuntimeValue::I32(units)];
        match instance.invoke_export("sudo", &arguments, &mut NopExternals) {
            Ok(Some(RuntimeValue::I32(result))) => result,
            other => panic!("sudo returned {other:?}"),
        }
    })
}
