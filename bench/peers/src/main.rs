//! Times one kernel of a module on the engines that contract chains use.
//!
//! `tacit-bench-peers kernels.wasm SAMPLES UNITS…`: the module exports `sudo(kernel, units)`, as
//! `bench/support/wasm-kernels.ts` writes it. Prints one line a sample: engine, kernel, nanoseconds
//! a unit, and the kernel's result, with which the caller sees that all computed the same.

use std::time::Instant;

mod wasmer_peer;
mod wasmi_peer;

/// Runs `sudo(kernel, units)` and returns its result.
type Run = Box<dyn FnMut(i32, i32) -> i32>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, samples, units @ ..] = arguments.as_slice() else {
        eprintln!("usage: tacit-bench-peers kernels.wasm SAMPLES UNITS...");
        std::process::exit(2);
    };
    let wasm = std::fs::read(path).expect("the module can be read");
    let samples: usize = samples.parse().expect("SAMPLES is a number");
    let units: Vec<i32> = units
        .iter()
        .map(|text| text.parse().expect("UNITS are numbers"))
        .collect();
    time("wasmer", wasmer_peer::load(&wasm), samples, &units);
    // The interpreter is some twenty times slower: a tenth of the work has the same spread.
    let fewer: Vec<i32> = units.iter().map(|count| (count / 10).max(2)).collect();
    time("wasmi", wasmi_peer::load(&wasm), samples, &fewer);
}

fn time(engine: &str, mut run: Run, samples: usize, units: &[i32]) {
    for _ in 0..samples {
        for (kernel, count) in units.iter().enumerate() {
            let start = Instant::now();
            let result = run(kernel as i32, *count);
            let nanos = start.elapsed().as_nanos() as f64 / f64::from(*count);
            println!("{engine} {kernel} {count} {nanos:.3} {result}");
        }
    }
}
