//! The macro of the crate `tcp_handshake_html`, which explains why there is one.
//!
//! Supported: elements, components, fragments, `{ expression }`, `{ for iterator }`, `if` and
//! `if let` with their `else`, attributes as literals, in braces, or as `{name}`. `key`, `ref`, the
//! `on…` listeners, and `value` and `checked` of an `<input>` mean the same as in Yew.

mod node;
mod write;

/// Turns markup into an expression of type `yew::Html`.
#[proc_macro]
pub fn html(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let nodes = syn::parse_macro_input!(input as node::Nodes).0;
    write::html(&nodes).into()
}
