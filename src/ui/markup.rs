//! What the code that `html!` writes calls: how an element of Yew's tree is built.
//!
//! One function each, none of them generic, so that an element costs the page a constant and a few
//! short calls. The macro is the crate `markup`.

use std::any::Any;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::functional::{FunctionProvider, Hook, HookContext};
use yew::html::BaseComponent;
use yew::virtual_dom::{
    AttrValue, AttributeOrProperty, Attributes, Key, Listener, Listeners, VChild, VComp, VList,
    VNode, VTag, VText,
};
use yew::{Html, HtmlResult, NodeRef, Properties, component};

pub use tcp_handshake_markup::html;

/// What never changes about an element.
#[derive(Debug)]
pub struct Shape {
    /// Its name.
    pub tag: &'static str,
    /// The names of its attributes.
    pub keys: &'static [&'static str],
    /// The values of those that are literals.
    pub fixed: &'static [Option<&'static str>],
}

/// An element in the making.
pub struct Element(Box<Parts>);

struct Parts {
    shape: &'static Shape,
    values: Vec<Option<AttributeOrProperty>>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    node_ref: NodeRef,
    key: Option<Key>,
    value: Option<AttrValue>,
    checked: Option<bool>,
    children: Vec<VNode>,
}

impl Element {
    /// Begins an element.
    #[inline(never)]
    #[must_use]
    pub fn new(shape: &'static Shape) -> Self {
        let values = shape.fixed.iter().map(|fixed| fixed.map(AttributeOrProperty::Static));
        Self(Box::new(Parts {
            shape,
            values: values.collect(),
            listeners: vec![],
            node_ref: NodeRef::default(),
            key: None,
            value: None,
            checked: None,
            children: vec![],
        }))
    }

    /// Begins siblings without an element around them.
    #[inline(never)]
    #[must_use]
    pub fn fragment() -> Self {
        Self::new(&Shape { tag: "", keys: &[], fixed: &[] })
    }

    /// Tells it from its siblings.
    pub fn key(&mut self, key: impl Into<Key>) {
        self.0.key = Some(key.into());
    }

    /// Lets it be found in the document.
    #[inline(never)]
    pub fn node_ref(&mut self, node_ref: &NodeRef) {
        self.0.node_ref = node_ref.clone();
    }

    /// What an input holds.
    #[inline(never)]
    pub fn value(&mut self, value: impl Into<AttrValue>) {
        self.0.value = Some(value.into());
    }

    /// Whether a checkbox is checked.
    #[inline(never)]
    pub fn checked(&mut self, checked: bool) {
        self.0.checked = Some(checked);
    }

    /// Adds a listener, if it is one.
    #[inline(never)]
    pub fn listener(&mut self, listener: Option<Rc<dyn Listener>>) {
        self.0.listeners.push(listener);
    }

    /// Adds a child.
    #[inline(never)]
    pub fn child(&mut self, child: Html) {
        self.0.children.push(child);
    }

    /// Adds children that come and go together, in one place among their siblings.
    pub fn each<C: Child>(&mut self, children: impl IntoIterator<Item = C>) {
        let mut list = Self::fragment();
        for child in children {
            child.add_to(&mut list);
        }
        self.child(list.list());
    }

    #[inline(never)]
    fn set(&mut self, index: usize, value: AttrValue) {
        self.0.values[index] = Some(match self.0.shape.keys[index] {
            // The attribute is inline style, which a strict policy forbids; the property is not.
            "style" => AttributeOrProperty::Property(JsValue::from_str(&value)),
            _ => AttributeOrProperty::Attribute(value),
        });
    }

    /// The element.
    #[inline(never)]
    pub fn html(self) -> Html {
        let Parts { shape, values, listeners, node_ref, key, value, checked, mut children } =
            *self.0;
        let attributes = Attributes::Dynamic { keys: shape.keys, values: values.into() };
        let listeners = match listeners.len() {
            0 => Listeners::None,
            _ => Listeners::Pending(listeners.into()),
        };
        let tag = match shape.tag {
            "input" => VTag::__new_input(value, checked, node_ref, key, attributes, listeners),
            "textarea" => VTag::__new_textarea(value, None, node_ref, key, attributes, listeners),
            name => {
                let children = match children.len() {
                    0 | 1 => children.pop().unwrap_or_default(),
                    _ => list(children, None),
                };
                let name = AttrValue::Static(name);
                VTag::__new_other(name, node_ref, key, attributes, listeners, children)
            }
        };
        VNode::VTag(Rc::new(tag))
    }

    /// The siblings.
    #[inline(never)]
    pub fn list(self) -> Html {
        list(self.0.children, self.0.key)
    }
}

fn list(children: Vec<VNode>, key: Option<Key>) -> Html {
    VNode::VList(Rc::new(VList::with_children(children, key)))
}

/// No node.
#[inline(never)]
pub fn nothing() -> Html {
    Html::default()
}

/// What an attribute can be set to.
pub trait Attribute {
    /// Sets the attribute with this index in the [`Shape`].
    fn set_on(self, element: &mut Element, index: usize);
}

impl Attribute for AttrValue {
    fn set_on(self, element: &mut Element, index: usize) {
        element.set(index, self);
    }
}

impl Attribute for &'static str {
    #[inline(never)]
    fn set_on(self, element: &mut Element, index: usize) {
        element.set(index, AttrValue::Static(self));
    }
}

impl Attribute for String {
    #[inline(never)]
    fn set_on(self, element: &mut Element, index: usize) {
        element.set(index, AttrValue::from(self));
    }
}

/// There or not: `hidden`, `disabled`.
impl Attribute for bool {
    #[inline(never)]
    fn set_on(self, element: &mut Element, index: usize) {
        if self {
            element.set(index, AttrValue::Static(element.0.shape.keys[index]));
        }
    }
}

impl<A: Attribute> Attribute for Option<A> {
    fn set_on(self, element: &mut Element, index: usize) {
        if let Some(value) = self {
            value.set_on(element, index);
        }
    }
}

/// What can stand in an element.
pub trait Child {
    /// Adds it to those that stand there.
    fn add_to(self, element: &mut Element);
}

impl Child for Html {
    fn add_to(self, element: &mut Element) {
        element.child(self);
    }
}

impl Child for AttrValue {
    #[inline(never)]
    fn add_to(self, element: &mut Element) {
        element.child(VNode::VText(VText::new(self)));
    }
}

impl Child for &str {
    #[inline(never)]
    fn add_to(self, element: &mut Element) {
        Child::add_to(self.to_owned(), element);
    }
}

impl Child for String {
    #[inline(never)]
    fn add_to(self, element: &mut Element) {
        AttrValue::from(self).add_to(element);
    }
}

impl Child for &String {
    fn add_to(self, element: &mut Element) {
        Child::add_to(self.as_str(), element);
    }
}

/// Numbers and letters, as they are printed.
macro_rules! printed {
    ($($kind:ty)*) => {$(
        impl Child for $kind {
            #[inline(never)]
            fn add_to(self, element: &mut Element) {
                Child::add_to(self.to_string(), element);
            }
        }
    )*};
}
printed!(char i32 u8 u16 u32 u64 usize);

/// Its place stays taken where there is nothing.
impl<C: Child> Child for Option<C> {
    fn add_to(self, element: &mut Element) {
        match self {
            Some(child) => child.add_to(element),
            None => element.child(nothing()),
        }
    }
}

impl<C: Child> Child for Vec<C> {
    fn add_to(self, element: &mut Element) {
        element.each(self);
    }
}

/// Names of classes, one after the other: what `class` is set to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes(String);

impl Classes {
    /// Adds a name, or several with spaces between them.
    #[inline(never)]
    pub fn add(&mut self, names: &str) {
        if !self.0.is_empty() && !names.is_empty() {
            self.0.push(' ');
        }
        self.0 += names;
    }
}

impl Attribute for Classes {
    fn set_on(self, element: &mut Element, index: usize) {
        self.0.set_on(element, index);
    }
}

/// What can be a class: a name, or perhaps one.
pub trait Class {
    /// Adds it.
    fn add_to(self, classes: &mut Classes);
}

impl Class for &str {
    fn add_to(self, classes: &mut Classes) {
        classes.add(self);
    }
}

impl Class for String {
    fn add_to(self, classes: &mut Classes) {
        classes.add(&self);
    }
}

impl Class for Classes {
    fn add_to(self, classes: &mut Classes) {
        classes.add(&self.0);
    }
}

impl<C: Class> Class for Option<C> {
    fn add_to(self, classes: &mut Classes) {
        if let Some(name) = self {
            name.add_to(classes);
        }
    }
}

/// The value of `class`, of names and perhaps-names.
macro_rules! classes {
    ($($name:expr),* $(,)?) => {{
        let mut classes = $crate::ui::markup::Classes::default();
        $($crate::ui::markup::Class::add_to($name, &mut classes);)*
        classes
    }};
}
pub(crate) use classes;

/// A component in the tree, with a name that tells it from another in the same place.
///
/// To Yew each is a [`Part`]: what Yew needs for a component is in the program once, not once for
/// each of ours. Its properties are compared as always, and it is drawn anew only when they differ.
pub fn part<C>(component: VChild<C>, name: &'static str, key: Option<Key>) -> Html
where
    C: BaseComponent + FunctionProvider<Properties = <C as BaseComponent>::Properties>,
{
    mount(PartProps { kind: Kind::of::<C>(), properties: component.props }, name, key)
}

#[inline(never)]
fn mount(props: PartProps, name: &'static str, key: Option<Key>) -> Html {
    let part = VComp::new::<Part>(Rc::new(props), Some(Key::from(name)));
    list(vec![VNode::VComp(Rc::new(part))], key)
}

/// Any component's properties.
#[derive(Properties)]
struct PartProps {
    kind: Kind,
    properties: Rc<dyn Any>,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.properties, &other.properties)
            || (self.kind.equal)(&*self.properties, &*other.properties)
    }
}

/// What is particular to one component.
#[derive(Clone, Copy)]
struct Kind {
    equal: fn(&dyn Any, &dyn Any) -> bool,
    draw: fn(&mut HookContext, &dyn Any) -> HtmlResult,
}

impl Kind {
    fn of<C: FunctionProvider<Properties: 'static>>() -> Self {
        Self {
            equal: |a, b| {
                let [a, b] = [a, b].map(|any| any.downcast_ref::<C::Properties>());
                a.is_some() && a == b
            },
            draw: |context, properties| match properties.downcast_ref() {
                Some(properties) => C::run(context, properties),
                None => Ok(nothing()),
            },
        }
    }
}

#[component]
fn Part(props: &PartProps) -> HtmlResult {
    use_part(props)
}

fn use_part(props: &PartProps) -> impl Hook<Output = HtmlResult> {
    Drawing { draw: props.kind.draw, properties: Rc::clone(&props.properties) }
}

/// The component's own drawing, with its own hooks.
struct Drawing {
    draw: fn(&mut HookContext, &dyn Any) -> HtmlResult,
    properties: Rc<dyn Any>,
}

impl Hook for Drawing {
    type Output = HtmlResult;

    fn run(self, context: &mut HookContext) -> HtmlResult {
        (self.draw)(context, &*self.properties)
    }
}
