//! The bits that are highlighted in all views of the inspector.

use yew::prelude::*;

use crate::app::inspector::Span;

/// The bits that are pointed at in one view and highlighted in all, and the callbacks to change
/// them.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointing {
    /// The bits under the pointer or the focus, or else those that are pinned.
    pub lit: Option<Span>,
    /// The bits that were clicked last.
    pub pinned: Option<Span>,
    /// Called with the bits under the pointer or the focus.
    pub hover: Callback<Option<Span>>,
    /// Called with the clicked bits: pins them, or releases them if they are pinned.
    pub pin: Callback<Span>,
}

impl Pointing {
    /// Whether these bits are highlighted.
    pub fn is_lit(&self, span: Span) -> bool {
        self.lit.is_some_and(|lit| lit.overlaps(span))
    }
}

/// The state of the highlight. At first no bits are highlighted or pinned.
#[hook]
pub fn use_pointing() -> Pointing {
    let hovered = use_state_eq(|| None::<Span>);
    let pinned = use_state_eq(|| None::<Span>);
    Pointing {
        lit: hovered.or(*pinned),
        pinned: *pinned,
        hover: {
            let hovered = hovered.clone();
            Callback::from(move |span| hovered.set(span))
        },
        pin: Callback::from(move |span| pinned.set((*pinned != Some(span)).then_some(span))),
    }
}
