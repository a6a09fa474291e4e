use crate::link::Link;
use crate::locale::Catalog;
use crate::sim::Timeline;
pub(super) enum Motion {
    Still,
    PlaysOnce,
}
pub(super) fn write(_t: &Timeline, _l: &Link, _c: &Catalog, _m: Motion) -> String {
    String::new()
}
