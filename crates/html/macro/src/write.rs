//! The code that a tree of markup becomes: calls of the crate `tcp_handshake_html`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, ExprLit, Ident, Lit};

use crate::node::{Attribute, Choice, Component, Element, Node};

/// An expression of type `yew::Html` for some siblings.
pub fn html(nodes: &[Node]) -> TokenStream {
    match nodes {
        [Node::Element(element)] => self::element(element),
        [Node::Component(component)] => self::component(component),
        _ => fragment(nodes),
    }
}

fn fragment(nodes: &[Node]) -> TokenStream {
    let element = variable();
    let children = children(&element, nodes);
    quote! {{
        let mut #element = ::tcp_handshake_html::Element::fragment();
        #children
        #element.list()
    }}
}

fn element(Element { tag, attributes, children: nodes }: &Element) -> TokenStream {
    if tag.is_empty() {
        return fragment(nodes);
    }
    let element = variable();
    let mut keys: Vec<&str> = vec![];
    let mut fixed = vec![];
    let mut calls = vec![];
    for Attribute { name, span, value } in attributes {
        let is_input = matches!(tag.as_str(), "input" | "textarea");
        let call = match name.as_str() {
            "key" => quote!(#element.key(#value);),
            "ref" => quote!(#element.node_ref(&#value);),
            "value" if is_input => quote!(#element.value(#value);),
            "checked" if is_input => quote!(#element.checked(#value);),
            listener if listener.starts_with("on") => {
                let listener = format_ident!("{listener}", span = *span);
                quote!(#element.listener(::yew::html::#listener::Wrapper::__macro_new(#value));)
            }
            _ => {
                keys.push(name);
                if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value {
                    fixed.push(quote!(::core::option::Option::Some(#text)));
                    continue;
                }
                fixed.push(quote!(::core::option::Option::None));
                let index = keys.len() - 1;
                let set_on = quote_spanned!(*span=> ::tcp_handshake_html::Attribute::set_on);
                quote!(#set_on(#value, &mut #element, #index);)
            }
        };
        calls.push(call);
    }
    let children = children(&element, nodes);
    quote! {{
        let mut #element = ::tcp_handshake_html::Element::new(&::tcp_handshake_html::Shape {
            tag: #tag,
            keys: &[#(#keys),*],
            fixed: &[#(#fixed),*],
        });
        #(#calls)*
        #children
        #element.html()
    }}
}

/// One call for each sibling, so that a sibling keeps its position when another one disappears.
fn children(element: &Ident, nodes: &[Node]) -> TokenStream {
    let calls = nodes.iter().map(|node| match node {
        Node::Element(_) | Node::Component(_) => {
            let html = html(std::slice::from_ref(node));
            quote!(#element.child(#html);)
        }
        Node::Value(value) => quote!(::tcp_handshake_html::Child::add_to(#value, &mut #element);),
        Node::Each(iterator) => quote!(#element.each(#iterator);),
        Node::Choice(choice) => {
            let html = self::choice(choice);
            quote!(#element.child(#html);)
        }
    });
    quote!(#(#calls)*)
}

fn choice(Choice { condition, then, otherwise }: &Choice) -> TokenStream {
    let then = html(then);
    let otherwise = match otherwise.as_slice() {
        [] => quote!(::tcp_handshake_html::nothing()),
        [Node::Choice(choice)] => self::choice(choice),
        nodes => html(nodes),
    };
    quote!(if #condition { #then } else { #otherwise })
}

/// Yew's macro builds and checks the properties; the runtime mounts every component the same way.
fn component(Component { path, attributes, children }: &Component) -> TokenStream {
    let name = path.to_token_stream().to_string();
    let mut key = quote!(::core::option::Option::None);
    let mut properties = vec![];
    for Attribute { name, span, value } in attributes {
        if name == "key" {
            key = quote!(::core::option::Option::Some(::core::convert::Into::into(#value)));
        } else {
            let name = Ident::new(name, *span);
            properties.push(quote!(#name={#value}));
        }
    }
    let component = if children.is_empty() {
        quote!(::yew::html_nested!(<#path #(#properties)* />))
    } else {
        let children = html(children);
        quote!(::yew::html_nested!(<#path #(#properties)*>{ #children }</#path>))
    };
    quote!(::tcp_handshake_html::component::<#path>(#component, #name, #key))
}

fn variable() -> Ident {
    Ident::new("element", Span::mixed_site())
}
