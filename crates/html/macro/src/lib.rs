//! `html!` with Yew's syntax, for pages where each octet counts.
//!
//! Yew's own macro writes out, at every element, the code that builds a node. This one writes one
//! constant for what never changes and a short call for what does; `ui::markup` of the page holds
//! the code behind those calls, once. docs/performance.md has the measured difference.
//!
//! What it reads: elements, components, fragments, `{ expression }`, `{ for iterator }`, `if` and
//! `if let` with their `else`, attributes as literals, in braces, or as `{name}`. `key`, `ref`, the
//! `on…` listeners, and `value` and `checked` of an `<input>` are what they are in Yew.

mod node;
mod write;

/// A picture of the page as a tree: `yew::Html`.
#[proc_macro]
pub fn html(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let nodes = syn::parse_macro_input!(input as node::Nodes).0;
    write::html(&nodes).into()
}
