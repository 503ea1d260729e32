#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rest_resource_fuzz::merge_patch(data));
