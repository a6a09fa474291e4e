//! Pictures in SVG rendered to PNG, in a build with the feature `png`.

#[cfg(not(feature = "png"))]
pub use absent::Renderer;
#[cfg(feature = "png")]
pub use present::Renderer;

#[cfg(not(feature = "png"))]
mod absent {
    /// A build without the feature has none.
    pub struct Renderer;

    impl Renderer {
        pub fn new(_: &str) -> Result<Self, String> {
            Err("png is for a build with --features png".to_owned())
        }

        #[allow(clippy::unused_self, reason = "as in a build with the feature")]
        pub fn render(&self, _: &[u8], _: f32) -> Result<Vec<u8>, String> {
            Self::new("").map(|_| vec![])
        }
    }
}

#[cfg(feature = "png")]
mod present {
    use std::collections::BTreeSet;
    use std::fs;

    use resvg::tiny_skia::{Pixmap, Transform};
    use resvg::usvg::fontdb::{Database, FaceInfo, Source};
    use resvg::usvg::{Options, Tree};

    const KOREAN: [&str; 5] =
        ["Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", "NanumGothic"];
    const SANS: [&str; 5] =
        ["Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", "DejaVu Sans"];
    const MONO: [&str; 5] =
        ["Menlo", "Consolas", "Noto Sans Mono", "Liberation Mono", "DejaVu Sans Mono"];

    /// Renders with the installed fonts that have the letters of one language.
    pub struct Renderer {
        options: Options<'static>,
    }

    impl Renderer {
        /// Finds the fonts for a language code.
        pub fn new(lang: &str) -> Result<Self, String> {
            let mut options = Options::default();
            let fonts = options.fontdb_mut();
            fonts.load_system_fonts();
            let names: Vec<String> = fonts
                .faces()
                .flat_map(|face| face.families.iter())
                .map(|family| family.0.clone())
                .collect();
            let find = |wanted: &[&str]| {
                let is_there = |name: &&&str| names.iter().any(|it| it == **name);
                wanted.iter().find(is_there).map(|name| (*name).to_owned())
            };
            let korean = if lang == "ko" { find(&KOREAN) } else { None };
            let sans = korean.or_else(|| find(&SANS)).or_else(|| names.first().cloned());
            let sans = sans.ok_or("this machine has no fonts")?;
            let mono = find(&MONO).unwrap_or_else(|| sans.clone());
            // Read once, since a font file is opened anew for each text; and only these, since for
            // each letter that one lacks all others are searched.
            let used = [sans.as_str(), mono.as_str(), "DejaVu Sans"];
            let is_used = |face: &&FaceInfo| {
                face.families.iter().any(|family| used.contains(&family.0.as_str()))
            };
            let path = |face: &FaceInfo| match &face.source {
                Source::File(path) => Some(path.clone()),
                Source::Binary(_) => None,
            };
            let paths: BTreeSet<_> = fonts.faces().filter(is_used).filter_map(path).collect();
            *fonts = Database::new();
            for path in paths {
                fonts.load_font_data(fs::read(&path).map_err(|error| error.to_string())?);
            }
            fonts.set_monospace_family(mono);
            fonts.set_sans_serif_family(sans);
            Ok(Self { options })
        }

        /// An SVG as a PNG, `scale` times as large.
        pub fn render(&self, svg: &[u8], scale: f32) -> Result<Vec<u8>, String> {
            let tree = Tree::from_data(svg, &self.options).map_err(|error| error.to_string())?;
            let size =
                tree.size().to_int_size().scale_by(scale).ok_or("the picture is too large")?;
            let mut pixels =
                Pixmap::new(size.width(), size.height()).ok_or("the picture is too large")?;
            resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
            pixels.encode_png().map_err(|error| error.to_string())
        }
    }
}
