//! An SVG rendered to a PNG, in a build with the feature `png`.

#[cfg(not(feature = "png"))]
pub fn render_png(_: &[u8], _: Option<&str>) -> Result<Vec<u8>, String> {
    Err("png is for a build with --features png".to_owned())
}

/// Renders an SVG at twice its size, in an installed font that has the letters of `lang`.
#[cfg(feature = "png")]
pub fn render_png(svg: &[u8], lang: Option<&str>) -> Result<Vec<u8>, String> {
    use resvg::tiny_skia::{Pixmap, Transform};
    use resvg::usvg::{Options, Tree};

    const SCALE: f32 = 2.0;
    const KOREAN: [&str; 5] =
        ["Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", "NanumGothic"];
    const SANS: [&str; 5] =
        ["Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", "DejaVu Sans"];
    const MONO: [&str; 5] =
        ["Menlo", "Consolas", "Noto Sans Mono", "Liberation Mono", "DejaVu Sans Mono"];

    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    let names: Vec<String> =
        fonts.faces().flat_map(|face| face.families.iter()).map(|it| it.0.clone()).collect();
    let find = |wanted: &[&str]| {
        wanted.iter().find(|name| names.iter().any(|it| it == *name)).map(|it| (*it).to_owned())
    };
    let korean = if lang == Some("ko") { find(&KOREAN) } else { None };
    let sans = korean.or_else(|| find(&SANS)).or_else(|| names.first().cloned());
    let sans = sans.ok_or("this machine has no fonts")?;
    fonts.set_monospace_family(find(&MONO).unwrap_or_else(|| sans.clone()));
    fonts.set_sans_serif_family(sans);
    let tree = Tree::from_data(svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or("the picture is too large")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("the picture is too large")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}
