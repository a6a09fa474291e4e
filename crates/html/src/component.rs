//! Components, all mounted through one Yew component.
//!
//! Yew compiles its code for mounting and updating once for each type of component. To Yew each of
//! ours is an [`AnyComponent`], so that code is in the program once.

use std::any::Any;
use std::rc::Rc;

use yew::functional::{FunctionProvider, Hook, HookContext};
use yew::html::BaseComponent;
use yew::virtual_dom::{Key, VChild, VComp, VNode};
use yew::{Html, HtmlResult, Properties};

use crate::element::{list, nothing};

/// A node for a function component.
///
/// `name` tells it from another component in the same place. As with Yew, it is drawn again only
/// if its properties differ.
pub fn component<C>(child: VChild<C>, name: &'static str, key: Option<Key>) -> Html
where
    C: BaseComponent + FunctionProvider<Properties = <C as BaseComponent>::Properties>,
{
    mount(AnyProps { vtable: ComponentVTable::of::<C>(), properties: child.props }, name, key)
}

/// A node for a component whose type only `vtable` knows, with the name of [`component`]. With
/// properties of another type it draws nothing.
pub fn erased(vtable: ComponentVTable, properties: Rc<dyn Any>, name: &'static str) -> Html {
    mount(AnyProps { vtable, properties }, name, None)
}

#[inline(never)]
fn mount(props: AnyProps, name: &'static str, key: Option<Key>) -> Html {
    let node = VComp::new::<AnyComponent>(Rc::new(props), Some(Key::from(name)));
    list(vec![VNode::VComp(Rc::new(node))], key)
}

/// The functions of one component: how its properties are compared and how it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct ComponentVTable {
    equal: fn(&dyn Any, &dyn Any) -> bool,
    draw: fn(&mut HookContext, &dyn Any) -> HtmlResult,
}

impl ComponentVTable {
    /// The functions of `C`.
    #[must_use]
    pub fn of<C: FunctionProvider<Properties: 'static>>() -> Self {
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

/// The properties of any component.
#[derive(Properties)]
struct AnyProps {
    vtable: ComponentVTable,
    properties: Rc<dyn Any>,
}

impl PartialEq for AnyProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.properties, &other.properties)
            || (self.vtable.equal)(&*self.properties, &*other.properties)
    }
}

#[yew::component]
fn AnyComponent(props: &AnyProps) -> HtmlResult {
    use_drawing(props)
}

fn use_drawing(props: &AnyProps) -> impl Hook<Output = HtmlResult> {
    Drawing { draw: props.vtable.draw, properties: Rc::clone(&props.properties) }
}

/// Draws a component as a hook, so that the component's own hooks run in the right context.
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
