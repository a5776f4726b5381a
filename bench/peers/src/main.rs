//! Times one kernel of a module on the engines that contract chains use.
//!
//! `tacit-bench-peers kernels.wasm SAMPLES WORK…`: the module exports `sudo(kernel, units)`, as
//! `bench/support/wasm-kernels.ts` writes it. Work is `CALLSxUNITS`, for each kernel. Prints one line a
//! sample: engine, kernel, units of all calls, nanoseconds a unit, and the last call's result.

use std::time::Instant;

mod wasmer_peer;
mod wasmi_peer;

/// Runs `sudo(kernel, units)` and returns its result.
type Run = Box<dyn FnMut(i32, i32) -> i32>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, samples, work @ ..] = arguments.as_slice() else {
        eprintln!("usage: tacit-bench-peers kernels.wasm SAMPLES CALLSxUNITS...");
        std::process::exit(2);
    };
    let wasm = std::fs::read(path).expect("the module can be read");
    let samples: usize = samples.parse().expect("SAMPLES is a number");
    let work: Vec<Work> = work.iter().map(|text| parse(text)).collect();
    time("wasmer", wasmer_peer::load(&wasm), samples, &work);
    time("wasmi", wasmi_peer::load(&wasm), samples, &work);
}

struct Work {
    calls: i32,
    units: i32,
}

fn parse(text: &str) -> Work {
    let (calls, units) = text.split_once('x').expect("work is CALLSxUNITS");
    let number = |part: &str| part.parse().expect("CALLS and UNITS are numbers");
    Work { calls: number(calls), units: number(units) }
}

fn time(engine: &str, mut run: Run, samples: usize, work: &[Work]) {
    for _ in 0..samples {
        for (kernel, Work { calls, units }) in work.iter().enumerate() {
            let all = calls * units;
            let start = Instant::now();
            let mut result = 0;
            for _ in 0..*calls {
                result = run(kernel as i32, *units);
            }
            let nanos = start.elapsed().as_nanos() as f64 / f64::from(all);
            println!("{engine} {kernel} {all} {nanos:.3} {result}");
        }
    }
}
