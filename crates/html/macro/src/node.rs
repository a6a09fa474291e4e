//! Markup as a tree, and how it is read.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, Ident, Lit, Path, Result, Token, braced, token};

/// Siblings.
pub struct Nodes(pub Vec<Node>);

/// One thing among its siblings.
pub enum Node {
    /// `<div>…</div>`, and `<>…</>` with no tag.
    Element(Element),
    /// `<Ladder … />`.
    Component(Component),
    /// `{ expression }`, and a literal.
    Value(Expr),
    /// `{ for iterator }`.
    Each(Expr),
    /// `if condition { … } else { … }`.
    Choice(Choice),
}

/// An element or a fragment.
pub struct Element {
    /// The name; empty for a fragment.
    pub tag: String,
    /// Its attributes, listeners, key and reference.
    pub attributes: Vec<Attribute>,
    /// Its children.
    pub children: Vec<Node>,
}

/// A component of Yew's.
pub struct Component {
    /// Its type.
    pub path: Path,
    /// Its properties.
    pub attributes: Vec<Attribute>,
    /// Its children.
    pub children: Vec<Node>,
}

/// `name="value"`, `name={value}` or `{name}`.
pub struct Attribute {
    /// As written, with its `-` and `:`.
    pub name: String,
    /// The position of the name in the source.
    pub span: Span,
    /// Its value.
    pub value: Expr,
}

/// A node that depends on a condition.
pub struct Choice {
    /// The condition, `let` included.
    pub condition: Expr,
    /// The nodes if it holds.
    pub then: Vec<Node>,
    /// The nodes if it does not.
    pub otherwise: Vec<Node>,
}

impl Parse for Nodes {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut nodes = vec![];
        let closes = || input.peek(Token![<]) && input.peek2(Token![/]);
        while !input.is_empty() && !closes() {
            nodes.push(input.parse()?);
        }
        Ok(Self(nodes))
    }
}

impl Parse for Node {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Token![<]) {
            return element(input);
        }
        if input.peek(Token![if]) {
            return Ok(Self::Choice(input.parse()?));
        }
        if input.peek(Lit) {
            return Ok(Self::Value(Expr::Lit(input.parse()?)));
        }
        let inside;
        let braces = braced!(inside in input);
        if inside.peek(Token![for]) && !inside.peek2(Token![<]) {
            inside.parse::<Token![for]>()?;
            return Ok(Self::Each(inside.parse()?));
        }
        if inside.is_empty() {
            return Err(Error::new(braces.span.join(), "an expression is missing"));
        }
        Ok(Self::Value(expression(&inside)?))
    }
}

impl Parse for Choice {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        input.parse::<Token![if]>()?;
        let condition = Expr::parse_without_eager_brace(input)?;
        let then = block(input)?;
        let mut otherwise = vec![];
        if input.peek(Token![else]) {
            input.parse::<Token![else]>()?;
            if input.peek(Token![if]) {
                otherwise.push(Node::Choice(input.parse()?));
            } else {
                otherwise = block(input)?;
            }
        }
        Ok(Self { condition, then, otherwise })
    }
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(token::Brace) {
            let inside;
            braced!(inside in input);
            let name = inside.call(Ident::parse_any)?;
            let value = syn::parse_quote!(#name);
            return Ok(Self { name: name.to_string(), span: name.span(), value });
        }
        let span = input.span();
        let name = name(input)?;
        input.parse::<Token![=]>()?;
        let value = if input.peek(Lit) {
            Expr::Lit(input.parse()?)
        } else {
            let inside;
            braced!(inside in input);
            expression(&inside)?
        };
        Ok(Self { name, span, value })
    }
}

/// One expression, or statements that end in one.
fn expression(input: ParseStream<'_>) -> Result<Expr> {
    let statements = input.call(syn::Block::parse_within)?;
    if let [syn::Stmt::Expr(expression, None)] = statements.as_slice() {
        return Ok(expression.clone());
    }
    Ok(syn::parse_quote!({ #(#statements)* }))
}

fn block(input: ParseStream<'_>) -> Result<Vec<Node>> {
    let inside;
    braced!(inside in input);
    let nodes = inside.parse::<Nodes>()?.0;
    if !inside.is_empty() {
        return Err(inside.error("this closes nothing"));
    }
    Ok(nodes)
}

/// `stroke-width`, `xlink:href`.
fn name(input: ParseStream<'_>) -> Result<String> {
    let mut name = input.call(Ident::parse_any)?.unraw().to_string();
    loop {
        if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            name.push('-');
        } else if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            name.push(':');
        } else {
            return Ok(name);
        }
        name += &input.call(Ident::parse_any)?.to_string();
    }
}

fn element(input: ParseStream<'_>) -> Result<Node> {
    input.parse::<Token![<]>()?;
    if input.peek(Token![>]) {
        input.parse::<Token![>]>()?;
        let children = input.parse::<Nodes>()?.0;
        input.parse::<Token![<]>()?;
        input.parse::<Token![/]>()?;
        input.parse::<Token![>]>()?;
        return Ok(Node::Element(Element { tag: String::new(), attributes: vec![], children }));
    }
    let upper = |ident: Ident| ident.to_string().starts_with(|c: char| c.is_ascii_uppercase());
    let is_component = input.fork().call(Ident::parse_any).is_ok_and(upper);
    let path = if is_component { Some(input.call(Path::parse_mod_style)?) } else { None };
    let tag = if path.is_none() { name(input)? } else { String::new() };

    let mut attributes = vec![];
    while !input.peek(Token![>]) && !input.peek(Token![/]) {
        attributes.push(input.parse()?);
    }
    let mut children = vec![];
    if input.peek(Token![/]) {
        input.parse::<Token![/]>()?;
        input.parse::<Token![>]>()?;
    } else {
        input.parse::<Token![>]>()?;
        children = input.parse::<Nodes>()?.0;
        input.parse::<Token![<]>()?;
        input.parse::<Token![/]>()?;
        let at = input.span();
        let closes = match &path {
            Some(path) => input.call(Path::parse_mod_style)? == *path,
            None => name(input)? == tag,
        };
        input.parse::<Token![>]>()?;
        if !closes {
            let open = path.map_or(tag, |path| path.to_token_stream().to_string());
            return Err(Error::new(at, format!("`<{open}>` is still open here")));
        }
    }
    Ok(match path {
        Some(path) => Node::Component(Component { path, attributes, children }),
        None => Node::Element(Element { tag, attributes, children }),
    })
}
