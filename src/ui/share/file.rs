//! Saving files, and rendering pictures.

use gloo::timers::callback::Timeout;
use gloo::utils::document;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, HtmlAnchorElement, HtmlImageElement, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d, Url,
};

/// Pixels of a PNG for each unit of its SVG, in each direction.
const SCALE: u32 = 2;
/// How long the object URL of a saved file stays valid, which the browser needs to read it.
const KEPT_MILLIS: u32 = 60_000;

/// Bytes of a media type.
pub fn blob(bytes: &[u8], media_type: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options)
}

/// Saves a file through a link with a `download` attribute.
pub fn save(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Timeout::new(KEPT_MILLIS, move || drop(Url::revoke_object_url(&address))).forget();
    Ok(())
}

/// Renders an SVG as a PNG.
///
/// # Errors
///
/// The page's content security policy forbids such pictures (`img-src` needs `blob:`), or the
/// browser has no `OffscreenCanvas`.
pub async fn render_png(svg: &Blob) -> Result<Blob, JsValue> {
    let address = Url::create_object_url_with_blob(svg)?;
    let picture = render(&address).await;
    Url::revoke_object_url(&address)?;
    picture
}

async fn render(address: &str) -> Result<Blob, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(address);
    JsFuture::from(image.decode()).await?;
    let (width, height) = (image.natural_width() * SCALE, image.natural_height() * SCALE);
    let canvas = OffscreenCanvas::new(width, height)?;
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        width.into(),
        height.into(),
    )?;
    Ok(JsFuture::from(canvas.convert_to_blob()?).await?.unchecked_into())
}
