#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sverka::fuzzing::request(data));
