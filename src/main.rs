//! On wasm32: starts the page. Natively: a scenario in, a file out.

#[cfg(target_arch = "wasm32")]
fn main() {
    tcp_handshake::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::run(std::env::args().skip(1))
}

#[cfg(not(target_arch = "wasm32"))]
mod cli {
    use std::io::Write as _;
    use std::process::ExitCode;

    use tcp_handshake::export::{Format, Options, Place, export};
    use tcp_handshake::link::Link;
    use tcp_handshake::locale::{Catalog, LANGUAGES, language};
    use tcp_handshake::sim::Timeline;

    const USAGE: &str = "\
usage: tcp-handshake [--format FORMAT] [--lang LANG] [--full] [--at PLACE] [--page URL] [LINK]

Runs what the link says and writes it to standard output.

  --format FORMAT  markdown (the default), json, mermaid, svg, svg-animated, pcapng, packetdrill;
                   png if built with --features png
  --lang LANG      en or ko; else the link's, else en
  --full           markdown: every number and state
  --at PLACE       pcapng, packetdrill: client (the default), server or both
  --page URL       markdown: the page that the table links to
  LINK             as in the page's address: 'scenario=syn-lost&do=drop:C2'
";

    /// What the command line asks for.
    struct Request {
        format: Format,
        /// Whether an SVG is turned into dots.
        is_png: bool,
        lang: Option<String>,
        options: Options,
        link: String,
    }

    pub fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
        let request = match read(arguments) {
            Ok(Some(request)) => request,
            Ok(None) => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            Err(error) => {
                eprint!("tcp-handshake: {error}\n\n{USAGE}");
                return ExitCode::from(2);
            }
        };
        match answer(&request) {
            Ok(octets) => match std::io::stdout().write_all(&octets) {
                Ok(()) => ExitCode::SUCCESS,
                // The reader has seen enough.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
                Err(error) => fail(&error.to_string()),
            },
            Err(error) => fail(&error),
        }
    }

    fn fail(error: &str) -> ExitCode {
        eprintln!("tcp-handshake: {error}");
        ExitCode::FAILURE
    }

    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Request>, String> {
        let mut request = Request {
            format: Format::Markdown,
            is_png: false,
            lang: None,
            options: Options::default(),
            link: String::new(),
        };
        let mut links = 0;
        while let Some(argument) = arguments.next() {
            let (name, mut value) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            let is_switch = matches!(name, "--help" | "-h" | "--full");
            if is_switch && value.is_some() {
                return Err(format!("{name} takes no value"));
            }
            let mut value =
                || value.take().or_else(|| arguments.next()).ok_or(format!("{name} needs a value"));
            match name {
                "--help" | "-h" => return Ok(None),
                "--full" => request.options.full = true,
                "--format" => {
                    let id = value()?;
                    request.is_png = id == "png";
                    let id = if request.is_png { Format::Svg.id() } else { &id };
                    request.format = Format::from_id(id).ok_or(format!("no format {id}"))?;
                }
                "--lang" => {
                    let tag = value()?;
                    let known = language(&tag).ok_or(format!("no language {tag}"))?;
                    request.lang = Some(known.code.to_owned());
                }
                "--at" => {
                    let id = value()?;
                    request.options.at = Place::from_id(&id).ok_or(format!("no place {id}"))?;
                }
                "--page" => request.options.page = Some(value()?),
                _ if name.starts_with('-') => return Err(format!("no option {name}")),
                _ if links > 0 => return Err("more than one link".to_owned()),
                _ => {
                    links += 1;
                    request.link = argument;
                }
            }
        }
        Ok(Some(request))
    }

    fn answer(request: &Request) -> Result<Vec<u8>, String> {
        // A whole address is fine too.
        let (query, fragment) = request.link.split_once('#').unwrap_or((&request.link, ""));
        let query = query.rsplit_once('?').map_or(query, |(_, query)| query);
        let (link, problems) = Link::parse(query, fragment);
        let lang = request.lang.as_deref().or(link.view.lang.as_deref());
        let catalog = Catalog::built_in(lang.unwrap_or(LANGUAGES[0].code))
            .ok_or("the language file cannot be read")?;
        for problem in problems {
            eprintln!("tcp-handshake: {}", problem.text(&catalog));
        }
        let timeline = Timeline::of(link.scenario_to_run());
        let octets = export(&timeline, &link, request.format, &catalog, &request.options)
            .map_err(|error| error.to_string())?;
        if request.is_png { dots(&octets, lang) } else { Ok(octets) }
    }

    #[cfg(not(feature = "png"))]
    fn dots(_: &[u8], _: Option<&str>) -> Result<Vec<u8>, String> {
        Err("png is for a build with --features png".to_owned())
    }

    /// An SVG as a PNG of twice its size, in a font of this machine.
    #[cfg(feature = "png")]
    fn dots(svg: &[u8], lang: Option<&str>) -> Result<Vec<u8>, String> {
        use resvg::tiny_skia::{Pixmap, Transform};
        use resvg::usvg::{Options, Tree};

        const SCALE: f32 = 2.0;
        const KOREAN: [&str; 5] = [
            "Apple SD Gothic Neo",
            "Malgun Gothic",
            "Noto Sans KR",
            "Noto Sans CJK KR",
            "NanumGothic",
        ];
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
        let mut dots =
            Pixmap::new(size.width(), size.height()).ok_or("the picture is too large")?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut dots.as_mut());
        dots.encode_png().map_err(|error| error.to_string())
    }
}
