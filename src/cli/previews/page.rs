//! The page of a scenario that a service reads for its preview, and its oEmbed data.

use serde_json::json;
use tcp_handshake::locale::Catalog;

use super::card::{SIZE, escaped};

/// The size of the frame in the oEmbed data, in pixels.
const FRAME: [u32; 2] = [720, 560];

/// What the page of a scenario says in one language.
pub struct Preview<'a> {
    pub id: &'a str,
    pub lang: &'a str,
    /// Whether its page is that of the folder itself, not of a folder below.
    pub is_first: bool,
    pub title: String,
    pub question: &'a str,
    pub catalog: &'a Catalog,
    /// The address of the simulator; empty if it is not known.
    pub address: &'a str,
}

impl Preview<'_> {
    /// The address of a file of the simulator.
    fn at(&self, path: &str) -> String {
        let up = if self.is_first { "../../" } else { "../../../" };
        let base = if self.address.is_empty() { up } else { self.address };
        format!("{base}{path}")
    }

    /// The address of a file beside the English page.
    fn beside(&self, name: &str) -> String {
        self.at(&format!("s/{}/{name}", self.id))
    }

    /// The address of the run in the simulator.
    fn run(&self) -> String {
        self.at(&format!("#scenario={}&lang={}", self.id, self.lang))
    }

    fn own(&self) -> String {
        self.beside(&if self.is_first { String::new() } else { format!("{}/", self.lang) })
    }

    fn site(&self) -> &str {
        self.catalog.text("export.preview.site")
    }

    /// A page with title, question, picture and a link, which opens the run without a script.
    pub fn html(&self) -> String {
        let [width, height] = SIZE.map(|pixels| pixels.to_string());
        let (own, run) = (self.own(), self.run());
        let (card, data) = (self.named("png"), self.named("json"));
        let locale = if self.lang == "ko" { "ko_KR" } else { "en_US" };
        let property = |name: &str, value: &str| {
            format!("<meta property=\"og:{name}\" content=\"{}\">\n", escaped(value))
        };
        let properties: String = [
            ("type", "website"),
            ("site_name", self.site()),
            ("title", &self.title),
            ("description", self.question),
            ("url", &own),
            ("locale", locale),
            ("image", &card),
            ("image:type", "image/png"),
            ("image:width", &width),
            ("image:height", &height),
            ("image:alt", &self.title),
        ]
        .map(|(name, value)| property(name, value))
        .concat();
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <title>{title} — {site}</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"description\" content=\"{question}\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={run}\">\n{properties}\
             <meta name=\"twitter:card\" content=\"summary_large_image\">\n\
             <link rel=\"canonical\" href=\"{own}\">\n\
             <link rel=\"alternate\" type=\"application/json+oembed\" href=\"{data}\" \
             title=\"{title}\">\n</head>\n<body>\n<h1>{title}</h1>\n<p>{question}</p>\n\
             <p><a href=\"{run}\">{play}</a></p>\n\
             <p><img src=\"{picture}\" alt=\"{title}\"></p>\n</body>\n</html>\n",
            lang = self.lang,
            title = escaped(&self.title),
            site = escaped(self.site()),
            question = escaped(self.question),
            run = escaped(&run),
            play = escaped(self.catalog.text("export.preview.play")),
            picture = self.named("svg"),
        )
    }

    fn named(&self, extension: &str) -> String {
        self.beside(&format!("{}.{extension}", self.lang))
    }

    /// The oEmbed data: the frame that an editor may put in place of the address.
    pub fn oembed(&self) -> String {
        let [width, height] = FRAME;
        let source = self.at(&format!("?embed=1#scenario={}&lang={}", self.id, self.lang));
        let frame = format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" \
             style=\"border:0\" allowfullscreen></iframe>",
            escaped(&source),
            escaped(&self.title)
        );
        let data = json!({
            "version": "1.0",
            "type": "rich",
            "title": self.title,
            "provider_name": self.site(),
            "provider_url": self.at(""),
            "html": frame,
            "width": width,
            "height": height,
            "thumbnail_url": self.named("png"),
            "thumbnail_width": SIZE[0],
            "thumbnail_height": SIZE[1],
        });
        format!("{data:#}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview<'a>(catalog: &'a Catalog, address: &'a str) -> Preview<'a> {
        let title = "a < b \"c\"".to_owned();
        Preview {
            id: "normal",
            lang: "ko",
            is_first: false,
            title,
            question: "?",
            catalog,
            address,
        }
    }

    #[test]
    fn addresses_lead_to_the_page_above_or_are_absolute() {
        let catalog = Catalog::built_in("ko").unwrap();
        let html = preview(&catalog, "").html();
        assert!(html.contains("0; url=../../../#scenario=normal&amp;lang=ko"), "{html}");
        assert!(html.contains("og:image\" content=\"../../../s/normal/ko.png\""), "{html}");
        let html = preview(&catalog, "https://host/tcp/").html();
        assert!(html.contains("canonical\" href=\"https://host/tcp/s/normal/ko/\""), "{html}");
        assert!(html.contains("<h1>a &lt; b &quot;c&quot;</h1>"), "{html}");
    }

    #[test]
    fn the_data_is_a_rich_oembed_answer() {
        let catalog = Catalog::built_in("ko").unwrap();
        let data = preview(&catalog, "https://host/").oembed();
        let data: serde_json::Value = serde_json::from_str(&data).unwrap();
        assert_eq!((&data["version"], &data["type"]), (&json!("1.0"), &json!("rich")));
        assert!(data["html"].as_str().unwrap().contains("title=\"a &lt; b &quot;c&quot;\""));
    }
}
