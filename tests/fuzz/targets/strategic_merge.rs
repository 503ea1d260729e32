#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rest_resource_fuzz::strategic_merge(data));
