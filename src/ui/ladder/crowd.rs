//! So many segments in sight that they are a texture: all but a few are drawn as plain lines.

use core::ops::Range;

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::layout::Layout;
use super::px::points;
use crate::ladder::{Arrow, Fate, Moment, SegmentKind};

/// The most segments that are drawn one by one, with labels, controls and moving parts. Each costs
/// a fraction of a millisecond at every step.
const MOST: usize = 160;

/// Of the segments in sight, in the order of departure, those that are drawn one by one: all, or
/// those around the one that departed last.
pub fn near(arrows: &[Arrow], visible: &[usize], now: Moment) -> Range<usize> {
    if visible.len() <= MOST {
        return 0..visible.len();
    }
    let sent = visible.partition_point(|index| arrows[*index].fate(now) != Fate::Future);
    let start = sent.saturating_sub(MOST * 3 / 4).min(visible.len() - MOST);
    start..start + MOST
}

/// The segments as lines: one path for each kind, before and after their departure.
pub fn lines(arrows: &[Arrow], layout: &Layout, indices: &[usize], now: Moment) -> Html {
    let kinds =
        [SegmentKind::Syn, SegmentKind::Fin, SegmentKind::Rst, SegmentKind::Data, SegmentKind::Ack];
    let looks = kinds.into_iter().flat_map(|kind| [(kind, true), (kind, false)]);
    let paths = looks.filter_map(|(kind, is_future)| {
        let is_alike = |index: &&usize| {
            let arrow = &arrows[**index];
            arrow.kind == kind && (arrow.fate(now) == Fate::Future) == is_future
        };
        let alike = indices.iter().filter(is_alike);
        let lines: Vec<String> = alike.map(|index| points(&layout.flights[*index].line)).collect();
        let d = lines.iter().map(|line| ["M", line]).collect::<Vec<_>>().concat().concat();
        let class = classes!(
            "segment-crowd",
            format!("segment--{}", kind.name()),
            is_future.then_some("segment--future"),
        );
        (!lines.is_empty()).then(|| html! { <g {class}><path class="segment__line" {d} /></g> })
    });
    html! { <g aria-hidden="true">{ for paths }</g> }
}
