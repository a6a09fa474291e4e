//! Elements, their attributes and their children.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::virtual_dom::{
    AttrValue, AttributeOrProperty, Attributes, Key, Listener, Listeners, VList, VNode, VTag, VText,
};
use yew::{Html, NodeRef};

/// The constant part of an element.
#[derive(Debug)]
pub struct Shape {
    /// The name of the tag.
    pub tag: &'static str,
    /// The names of its attributes.
    pub keys: &'static [&'static str],
    /// The values of the attributes, where they are literals.
    pub fixed: &'static [Option<&'static str>],
}

/// Builds an element.
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
    /// Starts an element.
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

    /// Starts a list of siblings without an element around them.
    #[inline(never)]
    #[must_use]
    pub fn fragment() -> Self {
        Self::new(&Shape { tag: "", keys: &[], fixed: &[] })
    }

    /// Sets the key by which Yew recognizes the element among its siblings.
    pub fn key(&mut self, key: impl Into<Key>) {
        self.0.key = Some(key.into());
    }

    /// Binds the reference through which a component finds the element in the document.
    #[inline(never)]
    pub fn node_ref(&mut self, node_ref: &NodeRef) {
        self.0.node_ref = node_ref.clone();
    }

    /// Sets the value of an input.
    #[inline(never)]
    pub fn value(&mut self, value: impl Into<AttrValue>) {
        self.0.value = Some(value.into());
    }

    /// Sets whether a checkbox is checked.
    #[inline(never)]
    pub fn checked(&mut self, checked: bool) {
        self.0.checked = Some(checked);
    }

    /// Adds a listener; `None` keeps its place, for Yew compares listeners by position.
    #[inline(never)]
    pub fn listener(&mut self, listener: Option<Rc<dyn Listener>>) {
        self.0.listeners.push(listener);
    }

    /// Appends a child.
    #[inline(never)]
    pub fn child(&mut self, child: Html) {
        self.0.children.push(child);
    }

    /// Appends children as one list, so that siblings after it keep their position.
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
            // A strict content security policy forbids the attribute `style`, not the property.
            "style" => AttributeOrProperty::Property(JsValue::from_str(&value)),
            _ => AttributeOrProperty::Attribute(value),
        });
    }

    /// Finishes the element.
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

    /// Finishes a list of siblings.
    #[inline(never)]
    pub fn list(self) -> Html {
        list(self.0.children, self.0.key)
    }
}

pub(crate) fn list(children: Vec<VNode>, key: Option<Key>) -> Html {
    VNode::VList(Rc::new(VList::with_children(children, key)))
}

/// An empty list: draws nothing.
#[inline(never)]
pub fn nothing() -> Html {
    Html::default()
}

/// A value that an attribute can take.
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

/// A boolean attribute, such as `hidden`: present if true.
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

/// A value that can be a child of an element.
pub trait Child {
    /// Appends the value as a child.
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

/// Values that are displayed as text.
macro_rules! displayed {
    ($($kind:ty)*) => {$(
        impl Child for $kind {
            #[inline(never)]
            fn add_to(self, element: &mut Element) {
                Child::add_to(self.to_string(), element);
            }
        }
    )*};
}
displayed!(char i32 u8 u16 u32 u64 usize);

/// `None` is an empty list, so that siblings after it keep their position.
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
