//! The nodes of our `html!` are those of Yew's own for the same markup. The two differences:
//! `style` is set as a property, which a strict content security policy allows, and components are
//! mounted through one Yew component.
#![cfg(target_arch = "wasm32")]

use std::fmt::Write as _;

use wasm_bindgen_test::wasm_bindgen_test;
use yew::virtual_dom::{AttributeOrProperty, Attributes, VNode};
use yew::{AttrValue, Callback, Html, MouseEvent, NodeRef};

/// Compares the two macros on one piece of markup.
macro_rules! assert_same {
    ($($markup:tt)*) => {
        let ours = {
            use tcp_handshake_html::{classes, html};
            let _ = classes![""];
            describe(&html! { $($markup)* })
        };
        let yews = {
            use yew::{classes, html};
            let _ = classes!("");
            describe(&html! { $($markup)* })
        };
        assert_eq!(ours, yews);
        assert!(!ours.is_empty());
    };
}

/// A line for each node that the browser is given, indented by its depth.
fn describe(node: &Html) -> String {
    let mut text = String::new();
    write_node(&mut text, node, 0);
    text
}

fn write_node(text: &mut String, node: &VNode, depth: usize) {
    let indent = "  ".repeat(depth);
    match node {
        VNode::VTag(tag) => {
            // All but the attributes and the children: the name, key, value, listeners, reference.
            let mut shell = (**tag).clone();
            shell.attributes = Attributes::default();
            if let Some(children) = shell.children_mut() {
                *children = VNode::default();
            }
            let attributes = attributes(&tag.attributes);
            writeln!(text, "{indent}{shell:?} {attributes:?}").unwrap();
            if let Some(children) = tag.children() {
                write_node(text, children, depth + 1);
            }
        }
        VNode::VText(words) => writeln!(text, "{indent}{:?}", &*words.text).unwrap(),
        // A list draws nothing of its own: only a key makes a difference to the browser.
        VNode::VList(list) => {
            let inside = if let Some(key) = &list.key {
                writeln!(text, "{indent}list {key}").unwrap();
                depth + 1
            } else {
                depth
            };
            for child in list.iter() {
                write_node(text, child, inside);
            }
        }
        other => writeln!(text, "{indent}{other:?}").unwrap(),
    }
}

/// The attributes that are set, sorted by name: neither their order nor their storage matters.
fn attributes(attributes: &Attributes) -> Vec<(String, String)> {
    let text = |value: &AttributeOrProperty| match value {
        AttributeOrProperty::Static(value) => (*value).to_owned(),
        AttributeOrProperty::Attribute(value) => value.to_string(),
        AttributeOrProperty::Property(value) => format!("property {value:?}"),
    };
    let mut pairs: Vec<(String, String)> = match attributes {
        Attributes::Static(pairs) => {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), text(value))).collect()
        }
        Attributes::Dynamic { keys, values } => {
            let pairs = keys.iter().zip(values);
            pairs
                .filter_map(|(key, value)| Some(((*key).to_owned(), text(value.as_ref()?))))
                .collect()
        }
        Attributes::IndexMap(pairs) => {
            pairs.iter().map(|(key, value)| (key.to_string(), text(value))).collect()
        }
    };
    pairs.sort();
    pairs
}

fn on_click() -> Callback<MouseEvent> {
    Callback::noop()
}

#[wasm_bindgen_test]
fn elements_and_literals() {
    assert_same!(<div></div>);
    assert_same!(<br />);
    assert_same!(<p id="one" class="a b" aria-label="First">{ "Some text" }</p>);
    assert_same!(
        <svg viewBox="0 0 1 1">
            <g><path d="M0 0" stroke-width="2" /></g>
            <text>{ 'c' }{ 7 }{ 8_usize }</text>
        </svg>
    );
    assert_same!(<ul><li>{ "a" }</li><li>{ "b" }<b>{ "c" }</b>{ "d" }</li></ul>);
}

#[wasm_bindgen_test]
fn attributes_with_values() {
    let name = AttrValue::from("two");
    for is_on in [true, false] {
        assert_same!(
            <a href={format!("#{name}")} title={name.clone()} hidden={is_on} tabindex="-1"
                rel={is_on.then_some("next")} data-id={is_on.then(|| name.to_string())} />
        );
        assert_same!(<button disabled={is_on} aria-pressed={is_on.to_string()}>{ &*name }</button>);
    }
    let title = "same";
    assert_same!(<i {title} />);
}

#[wasm_bindgen_test]
fn classes_are_joined() {
    for is_on in [true, false] {
        assert_same!(<p class={classes!("a", is_on.then_some("b"), String::from("c"))} />);
        assert_same!(<p class={"a b"} id="x" />);
    }
}

#[wasm_bindgen_test]
fn keys_references_and_listeners() {
    let node_ref = NodeRef::default();
    assert_same!(<p key={7} ref={node_ref.clone()} onclick={on_click()} />);
    assert_same!(<p key="k" onclick={on_click()} onpointerdown={|_| ()} id="x" />);
    for listener in [Some(on_click()), None] {
        assert_same!(<p onclick={listener.clone()} onfocus={|_| ()} />);
    }
}

#[wasm_bindgen_test]
fn inputs() {
    for checked in [true, false] {
        assert_same!(<input type="checkbox" {checked} onchange={|_| ()} />);
    }
    assert_same!(<input type="number" value={"5".to_owned()} min="0" key="n" />);
    assert_same!(<textarea rows="3" value={"text".to_owned()} />);
    assert_same!(<select><option value="a" selected={true}>{ "A" }</option></select>);
}

#[wasm_bindgen_test]
fn children_that_come_and_go() {
    let words = ["a", "b", "c"];
    for number in [Some(3_u32), None] {
        assert_same!(
            <>
                <h1>{ "title" }</h1>
                if let Some(number) = number {
                    <p>{ number }</p>
                    <hr />
                } else {
                    { "none" }
                }
                if number.is_none() { <em>{ "nothing" }</em> }
                if number == Some(1) {
                    { "one" }
                } else if number == Some(3) {
                    <b />
                } else {
                    <i />
                }
                { for words.iter().map(|word| yew::html! { <li key={*word}>{ *word }</li> }) }
                { number.map(|number| yew::html! { <q>{ number }</q> }) }
            </>
        );
    }
    assert_same!(<><p />{ "x" }</>);
    assert_same!(<div>{ yew::html! { <p /> } }</div>);
}

#[wasm_bindgen_test]
fn style_is_a_property() {
    let ours = tcp_handshake_html::html! { <p style={"top: 1px".to_owned()} /> };
    let VNode::VTag(tag) = &ours else { panic!("{ours:?}") };
    let (key, value) = attributes(&tag.attributes).remove(0);
    assert!(key == "style" && value.starts_with("property ") && value.contains("top: 1px"));
}

#[wasm_bindgen_test]
fn a_component_is_a_list_of_one_with_its_key() {
    #[yew::component]
    fn Empty() -> Html {
        Html::default()
    }
    let ours = tcp_handshake_html::html! { <Empty key="k" /> };
    let VNode::VList(list) = &ours else { panic!("{ours:?}") };
    assert_eq!(list.key, Some("k".into()));
    let [VNode::VComp(_)] = list.iter().collect::<Vec<_>>()[..] else { panic!("{list:?}") };
    assert_eq!(list[0].key(), Some(&"Empty".into()));
}
