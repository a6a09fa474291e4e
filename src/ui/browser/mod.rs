//! What the page asks of the browser: its address, keys, clock, storage and host page.

pub mod address;
pub mod clock;
pub mod focus;
pub mod frame;
pub mod host_page;
pub mod js_value;
pub mod keys;
pub mod language;
pub mod program;
pub mod storage;
pub mod styles;
pub mod window;
